/* Vector tiles on a Leaflet map: fetched, kept while they are on the screen, and painted on a canvas each. */
import { marksOf } from "./marks.js";
import { fetchVectorTile } from "./vector_tile.js";

const MARGIN = 16; // pixels around a tile that its marks may reach into

const keyOf = ({ x, y, z }) => `${z}/${x}/${y}`;

/** Vector tiles of one layer on one map. */
export class TileGrid {
  /**
   * @param {L.Map} map The map.
   * @param {{url: string, lastZoom: number, size: number, bounds: number[][]}} tiles What the server says of them; with `{day}` in
   *   the address there are others for each day (`turn`).
   * @param {{pane: string, paint: (pen: CanvasRenderingContext2D, marks: object[]) => void}} options Where, and what paints a tile.
   */
  constructor(map, { url, lastZoom, size, bounds }, { pane, paint }) {
    this.map = map;
    this.size = size;
    this.lastZoom = lastZoom + 1; // Leaflet counts zooms by tiles of 256 pixels, which are half as wide
    this.url = url;
    this.day = null;
    this.paint = paint;
    this.held = new Map();
    this.layer = L.gridLayer({
      isFeatures: true, tileSize: size, maxNativeZoom: this.lastZoom, minZoom: 1, noWrap: true, bounds, pane, updateWhenZooming: false, keepBuffer: 1,
    });
    this.layer.createTile = (coords, done) => this.make(coords, done);
    this.layer.on("tileunload", ({ coords }) => this.held.delete(keyOf(coords)));
  }

  make(coords, done) {
    const side = this.size + 2 * MARGIN;
    const node = L.DomUtil.create("div");
    const canvas = L.DomUtil.create("canvas", "", node);
    const scale = window.devicePixelRatio || 1;
    canvas.width = side * scale;
    canvas.height = canvas.width;
    canvas.style.width = `${side}px`;
    canvas.style.height = canvas.style.width;
    canvas.style.margin = `${-MARGIN}px`;
    const tile = { coords, canvas, scale, marks: [], isComing: false };
    this.held.set(keyOf(coords), tile);
    this.bring(tile, (error) => done(error, node));
    return node;
  }

  async fetchMarks({ x, y, z }, day) {
    return marksOf(await fetchVectorTile(L.Util.template(this.url, { day, z: z - 1, x, y }), this.size));
  }

  async bring(tile, end) {
    const { day } = this;
    tile.isComing = true;
    try {
      const marks = await this.fetchMarks(tile.coords, day);
      if (day !== this.day) return this.bring(tile, end);
      tile.marks = marks;
      this.repaint(tile);
      end(null);
    } catch (error) {
      end(error);
    }
    tile.isComing = false;
    return null;
  }

  /**
   * Fetch what the tiles on the screen hold on another day.
   * @param {number} day The day in their address.
   * @returns {Promise<Map<string, import("./marks.js").Mark[]>>} For `turn`.
   * @throws {Error} Where a tile does not come.
   */
  async marksOn(day) {
    if (day === this.day) return new Map();
    return new Map(await Promise.all(this.shownTiles().map(async ({ coords }) => [keyOf(coords), await this.fetchMarks(coords, day)])));
  }

  /**
   * Hold another day from now on.
   * @param {number | null} day The day in the address of tiles; null where it cannot be had: then the tiles hold nothing.
   * @param {Map<string, import("./marks.js").Mark[]>} marks Of `marksOn` that day; other tiles are fetched.
   */
  turn(day, marks) {
    if (day === this.day) return;
    this.day = day;
    for (const [key, tile] of this.held) {
      if (marks.has(key) || day === null) {
        tile.marks = marks.get(key) || [];
        this.repaint(tile);
      } else if (!tile.isComing) this.bring(tile, (error) => this.layer.fire(error ? "tileerror" : "load", { error }));
    }
  }

  repaint({ canvas, scale, marks }) {
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.translate(MARGIN, MARGIN);
    this.paint(pen, marks);
  }

  /** Paint every tile anew: another filter, another day. */
  repaintAll() {
    for (const tile of this.held.values()) this.repaint(tile);
  }

  /**
   * Put the tiles on the map, or take them off it.
   * @param {boolean} isShown Whether they are shown.
   */
  show(isShown) {
    if (isShown === this.map.hasLayer(this.layer)) return;
    if (isShown) this.layer.addTo(this.map);
    else this.layer.remove();
  }

  /** @returns {object[]} Tiles of the zoom that is shown; others may still lie beneath while these come. */
  shownTiles() {
    const zoom = Math.min(Math.round(this.map.getZoom()), this.lastZoom);
    return [...this.held.values()].filter(({ coords }) => coords.z === zoom);
  }

  /** @returns {number} Pixels of a tile in one of the screen: between two zooms of tiles they are drawn smaller or larger than they are. */
  get scale() {
    return 1 / this.map.getZoomScale(this.map.getZoom(), Math.min(Math.round(this.map.getZoom()), this.lastZoom));
  }

  /**
   * A place as a pixel of a tile.
   * @param {{coords: L.Point}} tile The tile.
   * @param {L.LatLng} latlng The place.
   * @returns {L.Point} The pixel.
   */
  pixelIn(tile, latlng) {
    const { coords } = tile;
    return this.map.project(latlng, coords.z).subtract(coords.multiplyBy(this.size));
  }

  /**
   * A pixel of a tile as a place.
   * @param {{coords: L.Point}} tile The tile.
   * @param {{x: number, y: number}} pixel The pixel.
   * @returns {L.LatLng} The place.
   */
  placeOf(tile, pixel) {
    const { coords } = tile;
    return this.map.unproject(coords.multiplyBy(this.size).add([pixel.x, pixel.y]), coords.z);
  }
}

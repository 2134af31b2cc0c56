/* Names of the base map that are too many to send whole: those of the tiles in the frame, as drawings/names.js draws a few. */
import { registerDrawing } from "../drawing_registry.js";
import { nameOnMap } from "../drawings/names.js";
import { fetchVectorTile } from "./vector_tile.js";

const MARGIN = 0.1; // share of the frame around it in which names are there before they are seen
const MOST_TILES = 48; // that stay when the map has moved away from them

/** Names within the frame. */
class TiledNames {
  constructor(atlas, layer, { tiles }) {
    this.atlas = atlas;
    this.layer = layer;
    this.tiles = tiles;
    this.held = new Map(); // names by the tile that they came in; null while it comes
    this.shown = new Map();
    this.isBegun = false;
    this.isGone = false;
    atlas.map.on("moveend", this.refresh, this);
  }

  /**
   * Get ready for the first drawing; no later one waits for names.
   * @returns {Promise<void> | null} Ends when the names in the frame are there; null where the map has been drawn with them.
   */
  comeTo() {
    if (this.isBegun) return null;
    this.isBegun = true;
    return this.bring(this.missing());
  }

  /* Tiles of the zoom that is shown, one less than Leaflet counts: these are twice as wide. */
  wanted() {
    const { map } = this.atlas;
    const { size, lastZoom, bounds } = this.tiles;
    if (this.atlas.hasTiles) return [];
    const zoom = Math.min(Math.round(map.getZoom()), lastZoom + 1);
    const frame = map.getBounds().pad(MARGIN);
    const [[south, west], [north, east]] = bounds;
    const first = map.project([Math.min(frame.getNorth(), north), Math.max(frame.getWest(), west)], zoom).divideBy(size).floor();
    const last = map.project([Math.max(frame.getSouth(), south), Math.min(frame.getEast(), east)], zoom).divideBy(size).floor();
    const tiles = [];
    for (let { x } = first; x <= last.x; x += 1) for (let { y } = first; y <= last.y; y += 1) tiles.push({ x, y, zoom, key: `${zoom}/${x}/${y}` });
    return tiles;
  }

  missing() {
    return this.wanted().filter(({ key }) => !this.held.has(key));
  }

  async bring(tiles) {
    for (const { key } of tiles) this.held.set(key, null);
    try {
      await Promise.all(tiles.map((tile) => this.fetch(tile)));
    } catch (error) {
      for (const { key } of tiles) if (!this.held.get(key)) this.held.set(key, []); // not asked for again at once
      this.atlas.controls?.showFailure(`${this.layer.title}: ${error.message}`);
    }
  }

  async fetch({ x, y, zoom, key }) {
    const { url, size } = this.tiles;
    const layers = await fetchVectorTile(L.Util.template(url, { z: zoom - 1, x, y }), size);
    const corner = L.point(x, y).multiplyBy(size);
    this.held.set(key, layers.get("points").map(({ props, geom: [[at]] }) => ({ ...props, at: this.atlas.map.unproject(corner.add([at.x, at.y]), zoom) })));
  }

  draw() {
    return this.refresh();
  }

  refresh() {
    const { map } = this.atlas;
    const missing = this.missing();
    if (missing.length) this.bring(missing).then(() => !this.isGone && this.refresh());
    const frame = map.getBounds().pad(MARGIN);
    const names = this.wanted().flatMap(({ key }) => this.held.get(key) || []).filter(({ zoom, at }) => zoom <= map.getZoom() && frame.contains(at));
    this.show(new Map(names.map((each) => [`${each.kind} ${each.name} ${each.zoom} ${each.at.lng.toFixed(4)}`, each])));
    this.forget();
    return names.length;
  }

  show(wanted) {
    for (const [key, marker] of this.shown) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.shown.delete(key);
    }
    for (const [key, each] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, nameOnMap(each, this.layer.id).addTo(this.atlas.map));
    }
  }

  forget() {
    const here = new Set(this.wanted().map(({ key }) => key));
    for (const key of this.held.keys()) if (this.held.size > MOST_TILES && !here.has(key)) this.held.delete(key);
  }

  remove() {
    this.isGone = true;
    this.atlas.map.off("moveend", this.refresh, this);
    this.show(new Map());
  }
}

registerDrawing("tiled_names", TiledNames);

/* A layer of more features than a browser should be sent, whatever its declaration says of small ones: vector tiles of points, outlines, and
 * cells that stand for several. The filter is asked once for each group of features that it cannot tell apart, so that counts need no tile. */
import { Counts } from "../counts.js";
import { registerDrawing } from "../drawing_registry.js";
import { softFill } from "../gradients.js";
import { pixelsOf } from "../markers.js";
import { paneOf } from "../panes.js";
import { isShown } from "../state.js";
import { numberOf } from "./marks.js";
import { Painter } from "./painter.js";
import { TileDays, groupsOf } from "./tile_days.js";
import { TileGrid } from "./tile_grid.js";
import { fetchJson } from "../../shared/fetch_json.js";

const DISC_ORDER = -1000000; // below every marker of the layer: Leaflet orders those by their height on the screen
const SMALLEST_DISC = 6; // pixels of its radius
const MOST_DISCS = 200; // on the screen: more hide the map and each other
const NEARER = 2; // zoom levels that a press on a cell goes down
const TOOLTIP_OFFSET = [0, -6];

/** Features that stay on the server until a person looks at where they are. */
class Tiles {
  constructor(atlas, layer, { tiles }) {
    this.atlas = atlas;
    this.layer = layer;
    Object.assign(this, groupsOf(tiles, atlas.config));
    this.place = tiles.place;
    this.sought = null;
    this.statuses = this.groups.map(() => null);
    this.isShown = false;
    this.note = "";
    this.tooltip = L.tooltip({ direction: "top", offset: TOOLTIP_OFFSET, opacity: 1 });
    this.discs = new Map();
    const discPane = paneOf(atlas.map, `${layer.id}-discs`, DISC_ORDER, layer.id);
    discPane.style.pointerEvents = "none";
    this.discRenderer = L.svg({ pane: `${layer.id}-discs`, padding: 0.5 });
    this.painter = new Painter(layer.style, { isVague: (mark) => this.isVague(mark), discOf: (mark) => (this.discs.size ? this.discOf(mark) : 0) });
    this.grid = new TileGrid(atlas.map, tiles, { pane: layer.id, paint: (pen, marks) => this.painter.paint(pen, marks) });
    this.grid.layer.on("load", this.settle, this).on("tileerror", this.fail, this);
    this.hears = { click: this.press, mousemove: this.hover, mouseout: this.leave, moveend: this.settle };
    atlas.map.on(this.hears, this);
    this.days = tiles.numbers && new TileDays(tiles.numbers, this.grid, (error) => this.fail({ error }));
    if (!this.days) this.draw(isShown(layer, atlas.state.layers), new Counts(atlas.config)); // its tiles come while other layers do
  }

  fail({ error }) {
    this.atlas.controls?.showFailure(`${this.layer.title}: ${error.message}`);
  }

  /**
   * Get ready for a day: what was there before stays until all is.
   * @param {number} day Such as 20211231.
   * @returns {Promise<void> | null} Ends when `draw` can draw the day; null where it can now.
   */
  comeTo(day) {
    return this.days?.comeTo(day) ?? null;
  }

  draw(isWanted, counts) {
    this.numbers = this.days?.take() ?? this.numbers;
    const statuses = this.groups.map((group) => this.atlas.visibleStatus(group));
    const isOther = statuses.some((status, place) => status !== this.statuses[place]);
    this.statuses = statuses;
    this.isShown = isWanted;
    this.refresh();
    if (isOther) this.grid.repaintAll();
    const shown = this.count(counts);
    return isWanted ? shown : 0;
  }

  count(counts) {
    let placed = 0;
    this.groups.forEach((group, place) => {
      const [status, n] = [this.statuses[place], this.numbers[place]];
      if (!status || !n) return;
      if (this.layer.counted) counts.addWork(group, status, n);
      if (!group.unplaced) placed += n;
    });
    return placed;
  }

  refresh() {
    this.painter.statuses = this.statuses;
    this.grid.show(this.isShown);
    this.settle();
  }

  /* What is on the screen has changed. */
  settle() {
    this.showDiscs();
    const before = this.note;
    this.note = this.isShown ? this.thinning() : "";
    if (this.note !== before && this.atlas.counts) this.atlas.legend?.update(this.atlas.counts);
  }

  thinning() {
    const { features, marks } = this.seen();
    if (features === marks) return "";
    return this.atlas.config.text.thinned.replace("{n}", features).replace("{m}", marks);
  }

  /**
   * How much the tiles on the screen hold of what passes.
   * @returns {{features: number, marks: number}} Features, and marks that stand for them.
   */
  seen() {
    const numbers = this.grid.shownTiles().flatMap(({ marks }) => marks.map((mark) => numberOf(mark, this.statuses)));
    return { features: numbers.reduce((sum, n) => sum + n, 0), marks: numbers.filter(Boolean).length };
  }

  isVague({ rings, props: { g, accuracy } }) {
    return Boolean(!rings && accuracy && this.groups[g]?.certainty === "approximate");
  }

  /* The radius in pixels of a feature whose place is not exact, as wide as its error; 0 for any other, and from far away. */
  discOf(mark) {
    if (!this.isVague(mark)) return 0;
    const { map } = this.atlas;
    const pixels = pixelsOf(map, map.getCenter(), mark.props.accuracy);
    return pixels < SMALLEST_DISC ? 0 : pixels;
  }

  /* Soft discs reach over the edges of tiles. */
  showDiscs() {
    const vague = this.isShown ? this.vague() : new Map();
    const wanted = vague.size > MOST_DISCS ? new Map() : vague;
    for (const [key, disc] of this.discs) {
      if (wanted.has(key)) continue;
      disc.remove();
      this.discs.delete(key);
    }
    for (const [key, place] of wanted) {
      if (!this.discs.has(key)) this.discs.set(key, this.disc(place).addTo(this.atlas.map));
    }
  }

  disc({ at, accuracy, fill }) {
    return L.circle(at, {
      radius: accuracy, stroke: false, fillOpacity: 1, renderer: this.discRenderer, pane: `${this.layer.id}-discs`, className: "atlas-disc",
      fillColor: softFill(fill), interactive: false,
    });
  }

  isInSight(at, radius) {
    const { map } = this.atlas;
    const reach = L.point(radius, radius);
    return L.bounds(reach.multiplyBy(-1), map.getSize().add(reach)).contains(map.latLngToContainerPoint(at));
  }

  /* One disc for all that share a place, as small layers have it: the least sure one decides how large it is. */
  vague() {
    const places = new Map();
    for (const tile of this.grid.shownTiles()) {
      for (const mark of tile.marks) {
        const { g, accuracy } = mark.props;
        const radius = this.statuses[g] ? this.discOf(mark) : 0;
        const at = radius && this.grid.placeOf(tile, mark);
        if (!at || !this.isInSight(at, radius)) continue;
        const status = this.statuses[g];
        const { accuracy: least = 0, fill = status.id } = places.get(String(at)) || {};
        places.set(String(at), { at, accuracy: Math.max(least, accuracy), fill: fill === status.id ? fill : "mixed" });
      }
    }
    const own = this.layer.style.color && { fill: "base" };
    return new Map([...places].map(([at, place]) => [`${at} ${place.accuracy} ${place.fill}`, { ...place, ...own }]));
  }

  /* A single feature, as small layers have it. */
  rowOf({ props: { g, n: _n, ...known } }) {
    return { ...this.groups[g], ...known };
  }

  /* Marks under a pixel of the map's frame, with the place of each. */
  marksAt(pointer) {
    if (!this.isShown) return [];
    const latlng = this.atlas.map.containerPointToLatLng(pointer);
    return this.grid.shownTiles().flatMap((tile) => (
      this.painter.marksAt(tile.marks, this.grid.pixelIn(tile, latlng)).map((hit) => ({ ...hit, at: hit.mark.rings ? latlng : this.grid.placeOf(tile, hit.mark) }))));
  }

  near(pointer) {
    return this.marksAt(pointer).filter(({ mark }) => !mark.props.m).map(({ mark, size }) => ({ rows: [this.rowOf(mark)], size }));
  }

  /* A press on the map that no symbol of another layer took. */
  press(event) {
    if (event.sourceTarget !== this.atlas.map || this.atlas.state.reach?.mode || this.atlas.state.draft) return;
    const hits = this.marksAt(event.containerPoint);
    if (event.isTaken || !hits.length) return;
    event.isTaken = true; // the other layers of tiles hear of the same press
    const single = hits.find(({ mark }) => !mark.props.m);
    if (hits[0].mark.props.m) this.comeNearer(hits[0]);
    else if (single) this.atlas.selection.press([this.rowOf(single.mark)], single.at, event);
  }

  comeNearer({ mark, at }) {
    const { map } = this.atlas;
    if (map.getZoom() < map.getMaxZoom()) map.setView(at, Math.min(map.getZoom() + NEARER, map.getMaxZoom()));
    else this.atlas.selection.openPopup(at, document.createTextNode(this.nameOf(mark)));
  }

  nameOf(mark) {
    const { text } = this.atlas.config;
    return mark.props.m ? `${numberOf(mark, this.statuses)} ${this.layer.title} · ${text.nearer}` : mark.props.name || mark.props.id;
  }

  hover({ containerPoint, originalEvent }) {
    if (originalEvent.buttons) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.point(containerPoint));
  }

  point(pointer) {
    const [hit] = this.marksAt(pointer);
    const isOther = hit?.mark !== this.pointed;
    this.pointed = hit?.mark;
    if (!hit) this.leave();
    else if (isOther) {
      this.atlas.map.getContainer().style.cursor = "pointer";
      this.tooltip.setLatLng(hit.at).setContent(document.createTextNode(this.nameOf(hit.mark))).addTo(this.atlas.map);
    }
  }

  leave() {
    cancelAnimationFrame(this.frame);
    if (!this.atlas.map.hasLayer(this.tooltip)) return;
    this.pointed = undefined;
    this.tooltip.remove();
    this.atlas.map.getContainer().style.cursor = "";
  }

  /**
   * Ask the server where a feature is, so that `placeOf` knows it.
   * @param {string} id The feature.
   */
  async seek(id) {
    try {
      const { at } = await fetchJson(this.place.replace("{id}", encodeURIComponent(id)));
      if (at) this.sought = { id, at: L.latLng(at) };
    } catch (error) {
      this.fail({ error });
    }
  }

  placeOf(id) {
    if (this.sought?.id === id) return { at: this.sought.at };
    const tiles = this.isShown ? this.grid.shownTiles() : [];
    for (const tile of tiles) {
      const mark = tile.marks.find(({ props }) => props.id === id);
      if (mark) return { at: this.grid.placeOf(tile, mark) };
    }
    return null;
  }

  remove() {
    this.atlas.map.off(this.hears, this);
    this.leave();
    this.isShown = false;
    this.refresh();
  }
}

registerDrawing("tiles", Tiles);

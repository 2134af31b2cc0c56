/* A layer of more features than a browser should be sent, whatever its declaration says of small ones: vector tiles of points, outlines, lines,
 * and cells that stand for several. The filter is asked once for each group of features that it cannot tell apart, so that counts need no tile. */
import { Counts } from "../counts.js";
import { registerDrawing } from "../drawing_registry.js";
import { isShown } from "../state.js";
import { Discs } from "./discs.js";
import { boundsOf, nearestOn } from "./line_painter.js";
import { numberOf } from "./marks.js";
import { Painter } from "./painter.js";
import { Plates } from "./plates.js";
import { nameOfTotal } from "./signs.js";
import { Stops } from "./stops.js";
import { TileDays, groupsOf } from "./tile_days.js";
import { TileGrid } from "./tile_grid.js";
import { fetchJson } from "../../shared/fetch_json.js";

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
    this.discs = new Discs(this);
    this.painter = new Painter(layer, {
      isVague: (mark) => this.isVague(mark), discOf: (mark) => this.discs.shownRadiusOf(mark), size: tiles.size,
    });
    this.stops = new Stops(this);
    this.plates = new Plates(atlas.map);
    this.grid = new TileGrid(atlas.map, tiles, { pane: layer.id, paint: (pen, marks) => this.painter.paint(pen, marks) });
    this.grid.layer.on("load", this.settle, this).on("tileerror", this.fail, this);
    this.hears = { click: this.press, mousemove: this.hover, mouseout: this.leave, moveend: this.settle, zoomend: this.resize, chosen: this.choose };
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
    const statuses = this.groups.map((group) => this.statusOf(group));
    const isOther = statuses.some((status, place) => status !== this.statuses[place]);
    this.statuses = statuses;
    this.isShown = isWanted;
    this.refresh();
    if (isOther) this.grid.repaintAll();
    const shown = this.count(counts);
    return isWanted ? shown : 0;
  }

  /* A total has no status: it is there from the day on which its first number is known. */
  statusOf(group) {
    const { config, filter, state, unknownStatus } = this.atlas;
    if (this.layer.draw !== "bubbles") return this.atlas.visibleStatus(group);
    return group.opened <= state.day && filter.passesTotal(group) ? config.statuses[unknownStatus] : null;
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

  /* Between two zooms of tiles all is drawn as large as elsewhere. */
  resize() {
    this.lookAround();
    this.grid.repaintAll();
  }

  choose() {
    if (this.layer.draw === "lines") this.resize();
  }

  lookAround() {
    const { map, selection } = this.atlas;
    const ink = getComputedStyle(map.getContainer()).getPropertyValue("--ink");
    this.painter.view = { scale: this.grid.scale, zoom: map.getZoom(), chosen: selection.chosen, ink };
  }

  refresh() {
    this.painter.statuses = this.statuses;
    this.lookAround();
    this.grid.show(this.isShown);
    this.settle();
  }

  /* What is on the screen has changed. */
  settle() {
    const marks = this.drawnMarks();
    this.discs.show(marks);
    this.plates.show(marks.filter(({ mark }) => mark.paths).map(({ mark }) => mark.props));
    const before = this.note;
    const unreached = this.stops.show(this.places(marks));
    this.note = [this.isShown && this.thinning(), unreached].filter(Boolean).join(" · ");
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

  /* What tiles on the screen draw, with its tile. */
  drawnMarks() {
    if (!this.isShown) return [];
    return this.grid.shownTiles().flatMap((tile) => tile.marks.filter((mark) => this.painter.isDrawn(mark)).map((mark) => ({ tile, mark })));
  }

  /**
   * Places in sight that can be reached; outlines lie beneath symbols, which can.
   * @param {{tile: object, mark: import("./marks.js").Mark}[]} drawn What tiles on the screen draw.
   * @returns {Map<string, import("./signs.js").Place>} By a name that stays when the map moves.
   */
  places(drawn) {
    const { map } = this.atlas;
    const frame = L.bounds([0, 0], map.getSize());
    const middle = frame.getCenter();
    const places = new Map();
    for (const { tile, mark } of drawn) {
      if (mark.rings) continue;
      const corner = map.latLngToContainerPoint(this.grid.placeOf(tile, { x: 0, y: 0 }));
      const spot = mark.paths ? nearestOn(mark.paths, middle.subtract(corner).multiplyBy(this.grid.scale)) : mark;
      const point = corner.add(L.point(spot.x, spot.y).divideBy(this.grid.scale));
      if (!frame.contains(point)) continue;
      const key = this.keyOf(tile, mark);
      const { marks = [], away = Infinity } = places.get(key) || {};
      const place = { marks: mark.paths ? [mark] : [...marks, mark], at: this.grid.placeOf(tile, spot), away: point.distanceTo(middle) };
      if (!mark.paths || place.away < away) places.set(key, place);
    }
    return places;
  }

  keyOf({ coords }, mark) {
    const { id, m } = mark.props;
    if (!m && !this.isVague(mark)) return id;
    return `${m ? coords.z : ""} ${coords.x} ${coords.y} ${mark.x} ${mark.y}`;
  }

  numberOf(mark) {
    return numberOf(mark, this.statuses);
  }

  isVague({ rings, props: { g, accuracy } }) {
    return Boolean(!rings && accuracy && this.groups[g]?.certainty === "approximate");
  }

  /* A single feature, as small layers have it. */
  rowOf({ props: { g, n: _n, ...known } }) {
    const row = { ...this.groups[g], ...known };
    if (this.layer.draw !== "bubbles") return row;
    return { ...row, quantities: JSON.parse(known.quantities), history: JSON.parse(known.changes) };
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

  /* The colours of the lines, for the legend. */
  get swatch() {
    const colours = [...new Set(this.drawnMarks().map(({ mark }) => mark.props.own).filter(Boolean))];
    const share = 100 / colours.length;
    return colours.length ? `linear-gradient(90deg, ${colours.map((colour, i) => `${colour} ${i * share}% ${(i + 1) * share}%`).join(", ")})` : "";
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

  /**
   * Open what stands at a place, as Enter does.
   * @param {import("./signs.js").Place} place The place.
   */
  open({ marks, at }) {
    if (marks[0].props.m) this.comeNearer({ mark: marks[0], at });
    else this.atlas.selection.press(marks.map((mark) => this.rowOf(mark)), at);
  }

  comeNearer({ mark, at }) {
    const { map } = this.atlas;
    if (map.getZoom() < map.getMaxZoom()) map.setView(at, Math.min(map.getZoom() + NEARER, map.getMaxZoom()));
    else this.atlas.selection.openPopup(at, document.createTextNode(this.nameOf(mark)));
  }

  nameOf(mark) {
    const { text } = this.atlas.config;
    if (this.layer.draw === "bubbles" && !mark.props.m) return nameOfTotal(this.atlas, this.rowOf(mark));
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
      const { at, bounds } = await fetchJson(this.place.replace("{id}", encodeURIComponent(id)));
      if (at) this.sought = { id, at: L.latLng(at), ...(bounds && { bounds: L.latLngBounds(bounds) }) };
    } catch (error) {
      this.fail({ error });
    }
  }

  placeOf(id) {
    if (this.sought?.id === id) return this.sought;
    const tiles = this.isShown ? this.grid.shownTiles() : [];
    for (const tile of tiles) {
      const mark = tile.marks.find(({ props }) => props.id === id);
      if (mark?.props.bounds) return { at: L.latLngBounds(boundsOf(mark.props)).getCenter(), bounds: L.latLngBounds(boundsOf(mark.props)) };
      if (mark) return { at: this.grid.placeOf(tile, mark) };
    }
    return null;
  }

  remove() {
    this.atlas.map.off(this.hears, this);
    this.leave();
    this.isShown = false;
    this.refresh();
    this.stops.remove();
  }
}

registerDrawing("tiles", Tiles);

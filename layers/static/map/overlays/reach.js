/* What is served, drawn over the land: possibly (R + a), as stated (R), certainly (R - a); and the largest gaps.
 * The browser has the facilities, so a new radius needs no server: circles change while a slider moves. */
import { element } from "../../shared/dom.js";
import { distanceText } from "../../shared/numbers.js";
import { legendRow } from "../legend.js";
import { drawnIcon } from "../markers.js";
import { rowsFromColumns } from "../rows.js";
import { fetchJson } from "../../shared/fetch_json.js";
import { sameJson } from "../state.js";
import { Edits } from "./edits.js";

const LEVELS = [
  { id: "high", sign: 1, color: "#6baed6", opacity: 0.3 },
  { id: "central", sign: 0, color: "#2171b5", opacity: 0.42 },
  { id: "low", sign: -1, color: "#08306b", opacity: 0.5 },
];
const UNSERVED = { id: "left", color: "#f1a340", opacity: 0.3 };
const SET_BITS = { before: 1, as_of: 2, planned: 4 };
const CANVAS_FROM = 600; // facilities: from here on circles are drawn on a canvas
const ROUGH_METRES = 150; // a place that is less sure than this is drawn as rough
const GAP_PIXELS = 22;

/**
 * The facilities that a page counts: those of a set, as a scenario changed them.
 * @param {Record<string, any>[]} rows Facilities of the register; `sets` says by bits to which sets each belongs.
 * @param {{set: string, edits?: object[]}} spec The set, and the scenario's edits.
 * @param {(at: object) => number[]} pointOf Latitude and longitude of an edit's place.
 * @returns {Record<string, any>[]} The facilities, with `isEdited` where the scenario placed them.
 */
export function facilitiesOf(rows, spec, pointOf) {
  const edits = (spec.edits || []).filter((edit) => edit.id);
  const editedIds = new Set(edits.map((edit) => edit.id));
  const untouched = rows.filter((row) => row.sets & SET_BITS[spec.set] && !editedIds.has(row.id));
  const placed = edits.filter((edit) => edit.op !== "removed").map((edit) => {
    const [y, x] = pointOf(edit.at);
    return { id: edit.id, name: edit.name || edit.id, accuracy: edit.accuracy, x, y, isEdited: true };
  });
  return [...untouched, ...placed];
}

/** The served land of a page: which facilities, how far, of which set, and where its gaps are. */
export class Reach {
  /** @param {import("../atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.spec = null;
    this.rows = [];
    this.circles = [];
    this.group = L.layerGroup().addTo(atlas.map);
    this.gaps = L.layerGroup().addTo(atlas.map);
    LEVELS.forEach((level, i) => { this.addPane(`reach-${level.id}`, 403 + i).style.opacity = level.opacity; });
    this.addPane("reach-gaps", 640).style.pointerEvents = "none";
    this.addPane("reach-points", 641);
    this.edits = new Edits(this);
  }

  addPane(name, order) {
    const node = this.atlas.map.createPane(name);
    node.style.zIndex = order;
    return node;
  }

  /**
   * Show what a page asks for; a newer question replaces an older one that is still being fetched.
   * @param {Record<string, any> | null} spec Addresses of facilities and gaps, radius, set and edits; null for nothing.
   */
  async show(spec) {
    const before = this.spec;
    this.spec = spec;
    if (!spec) {
      this.clear();
      return;
    }
    const isNewQuestion = before?.points !== spec.points;
    if (isNewQuestion) this.rows = await this.fetchRows(spec.points);
    if (this.spec !== spec) return;
    if (isNewQuestion || before?.set !== spec.set || !sameJson(before?.edits, spec.edits)) this.drawFacilities();
    this.edits.show(spec);
    this.grow(spec.radius);
    if (before?.gaps !== spec.gaps) await this.showGaps(spec);
    this.publish(spec.radius);
  }

  async fetchRows(url) {
    const data = await this.fetchInDatum(url);
    return data ? rowsFromColumns(data.columns, this.atlas.config) : this.rows;
  }

  /* What the server answers, in the map's system of coordinates; null where it answers with an error, which is shown. */
  async fetchInDatum(url) {
    try {
      return await fetchJson(`${url}&datum=${this.atlas.basemap.datum}`);
    } catch (error) {
      this.atlas.controls.showFailure(error.message);
      return null;
    }
  }

  clear() {
    this.group.clearLayers();
    this.gaps.clearLayers();
    this.rows = [];
    this.circles = [];
    this.edits.show(null);
    delete document.body.dataset.reach;
  }

  drawFacilities() {
    this.group.clearLayers();
    const facilities = facilitiesOf(this.rows, this.spec, (at) => this.edits.pointOf(at));
    const makeRenderer = facilities.length > CANVAS_FROM ? L.canvas : L.svg;
    const renderers = LEVELS.map((level) => makeRenderer({ pane: `reach-${level.id}`, padding: 0.5 }));
    this.circles = facilities.map((row) => {
      const at = [row.y, row.x];
      const discs = LEVELS.map((level, i) => L.circle(at, {
        radius: 0, stroke: false, fillColor: level.color, fillOpacity: 1, interactive: false,
        pane: `reach-${level.id}`, renderer: renderers[i],
      }).addTo(this.group));
      return { row, discs, dot: this.addDot(row, at) };
    });
  }

  addDot(row, at) {
    const isRough = row.accuracy > ROUGH_METRES;
    const dot = L.circleMarker(at, {
      radius: isRough ? 3 : 2.5, weight: 1, color: isRough ? "#7f3b08" : "#fff", dashArray: isRough ? "2 2" : null,
      fillColor: isRough ? "#fdb863" : "#08306b", fillOpacity: 1, pane: "reach-points",
    });
    const { text } = this.atlas.config;
    const label = row.accuracy > 0 ? `${row.name} · ${text.accuracy} ${distanceText(row.accuracy, text)}` : row.name;
    dot.bindTooltip(() => element("span", "", label));
    dot.on("click", () => this.edits.pick(row, at));
    return dot.addTo(this.group);
  }

  /**
   * Make dots large enough for a finger where facilities are to be clicked.
   * @param {boolean} isClickable Whether they are.
   */
  setClickable(isClickable) {
    for (const { row, dot } of this.circles) dot.setRadius(isClickable ? 7 : row.accuracy > ROUGH_METRES ? 3 : 2.5);
  }

  /**
   * R - a, R, R + a for every facility; where a > R there is no certain disc. A walk is no circle: then the land that is
   * left out is drawn instead, which the server knows.
   * @param {number} radius R in metres.
   */
  grow(radius) {
    for (const { row, discs } of this.circles) {
      discs.forEach((disc, i) => disc.setRadius(this.spec.walk ? 0 : Math.max(0, radius + LEVELS[i].sign * row.accuracy)));
    }
    if (document.body.dataset.reach) this.publish(radius);
  }

  publish(radius) {
    document.body.dataset.reach = JSON.stringify({ n: this.circles.length, radius, set: this.spec.set });
  }

  async showGaps(spec) {
    this.gaps.clearLayers();
    if (!spec.gaps) return;
    const data = await this.fetchInDatum(spec.gaps);
    if (!data || this.spec.gaps !== spec.gaps) return;
    const largest = data.features.slice(0, spec.gapsShown);
    const others = spec.walk ? data.features.slice(spec.gapsShown) : [];
    for (const feature of others) this.addGap(feature, { stroke: false, fillOpacity: UNSERVED.opacity });
    for (const feature of largest) {
      this.addGap(feature, { color: "#b35806", weight: 1.2, dashArray: "5 4", fillOpacity: spec.walk ? UNSERVED.opacity : 0.12 });
      this.addRank(feature.properties);
    }
    document.body.dataset.gaps = String(largest.length);
  }

  addGap(feature, style) {
    const pane = "reach-gaps";
    L.geoJSON(feature, { pane, interactive: false, style: { pane, fillColor: UNSERVED.color, ...style } }).addTo(this.gaps);
  }

  addRank({ lat, lon, rank }) {
    const icon = drawnIcon(element("span", "atlas-gap", String(rank)), GAP_PIXELS);
    L.marker([lat, lon], { pane: "reach-gaps", interactive: false, keyboard: false, icon }).addTo(this.gaps);
  }

  /** @returns {HTMLElement[]} The legend's lines on what is drawn here. */
  legendRows() {
    const { text } = this.atlas.config;
    const labels = { low: text.reach_low, central: text.reach_central, high: text.reach_high, left: text.reach_left };
    const levels = this.spec?.walk ? [UNSERVED] : [...LEVELS].reverse();
    return levels.map((level) => {
      const mark = element("span", "atlas-swatch");
      mark.style.background = level.color;
      mark.style.opacity = Math.min(1, level.opacity + 0.35);
      return legendRow(mark, labels[level.id]);
    });
  }
}

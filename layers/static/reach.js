/* What is served, drawn over the land: possibly (R + a), as stated (R), certainly (R - a); and the largest gaps.
 * The browser has the facilities, so a new radius needs no server: circles change while a slider moves. */
"use strict";

const REACH_LEVELS = [
  { id: "high", sign: 1, color: "#6baed6", opacity: 0.3 },
  { id: "central", sign: 0, color: "#2171b5", opacity: 0.42 },
  { id: "low", sign: -1, color: "#08306b", opacity: 0.5 },
];
const REACH_SETS = { before: 1, as_of: 2, planned: 4 };
const REACH_CANVAS_FROM = 600;

class Reach {
  constructor(atlas) {
    this.atlas = atlas;
    this.spec = null;
    this.rows = [];
    this.group = L.layerGroup().addTo(atlas.map);
    this.outlines = L.layerGroup().addTo(atlas.map);
    REACH_LEVELS.forEach((level, i) => this.pane(`reach-${level.id}`, 403 + i).style.opacity = level.opacity);
    this.pane("reach-gaps", 640).style.pointerEvents = "none";
    this.pane("reach-points", 641);
    this.edits = new Edits(this);
  }

  pane(name, z) {
    const node = this.atlas.map.createPane(name);
    node.style.zIndex = z;
    return node;
  }

  /* The state of a page: which facilities, how far, of which set, and where its gaps are. */
  async show(spec) {
    const before = this.spec;
    this.spec = spec;
    if (!spec) return this.clear();
    if (before?.points !== spec.points) this.rows = await this.fetched(spec.points, (data) => this.read(data), this.rows);
    if (this.spec !== spec) return undefined;
    const edited = JSON.stringify(before?.edits) !== JSON.stringify(spec.edits);
    if (before?.points !== spec.points || before?.set !== spec.set || edited) this.place();
    this.edits.show(spec);
    this.grow(spec.radius);
    if (before?.gaps !== spec.gaps) await this.showGaps(spec);
    document.body.dataset.reach = JSON.stringify({ n: this.circles.length, radius: spec.radius, set: spec.set });
    return undefined;
  }

  async fetched(url, use, otherwise) {
    try {
      const answer = await fetch(`${url}&datum=${this.atlas.datum}`);
      const data = await answer.json();
      if (!answer.ok) throw new Error(data.error || String(answer.status));
      return use(data);
    } catch (error) {
      this.atlas.fail(error.message);
      return otherwise;
    }
  }

  read(data) {
    return rowsOf({ ...data.columns, d: data.columns.id.map(() => "") });
  }

  clear() {
    this.group.clearLayers();
    this.outlines.clearLayers();
    this.rows = [];
    this.circles = [];
    this.edits.show(null);
    delete document.body.dataset.reach;
  }

  place() {
    this.group.clearLayers();
    const bit = REACH_SETS[this.spec.set];
    const edits = (this.spec.edits || []).filter((edit) => edit.id);
    const touched = new Set(edits.map((edit) => edit.id));
    const here = this.rows.filter((row) => row.sets & bit && !touched.has(row.id));
    for (const edit of edits) {
      if (edit.op === "removed") continue;
      const [y, x] = this.edits.here(edit.at);
      here.push({ id: edit.id, name: edit.name || edit.id, acc: edit.acc, x, y, edited: true });
    }
    const make = here.length > REACH_CANVAS_FROM ? L.canvas : L.svg;
    const renderers = REACH_LEVELS.map((level) => make({ pane: `reach-${level.id}`, padding: 0.5 }));
    this.circles = here.map((row) => {
      const at = [row.y, row.x];
      const discs = REACH_LEVELS.map((level, i) => L.circle(at, {
        radius: 0, stroke: false, fillColor: level.color, fillOpacity: 1, interactive: false, pane: `reach-${level.id}`, renderer: renderers[i],
      }).addTo(this.group));
      return { row, discs, dot: this.point(row, at) };
    });
  }

  point(row, at) {
    const rough = row.acc > 150;
    const dot = L.circleMarker(at, {
      radius: rough ? 3 : 2.5, weight: 1, color: rough ? "#7f3b08" : "#fff", dashArray: rough ? "2 2" : null,
      fillColor: rough ? "#fdb863" : "#08306b", fillOpacity: 1, pane: "reach-points",
    });
    const { text } = this.atlas.cfg;
    dot.bindTooltip(() => el("span", "", row.acc > 0 ? `${row.name} · ${text.accuracy} ${this.atlas.distance(row.acc)}` : row.name));
    dot.on("click", () => this.edits.pick(row, at));
    return dot.addTo(this.group);
  }

  /* Where facilities are to be clicked, their dots are large enough for a finger. */
  aim(on) {
    for (const { row, dot } of this.circles || []) dot.setRadius(on ? 7 : row.acc > 150 ? 3 : 2.5);
  }

  /* R - a, R, R + a for every facility; where a > R there is no certain disc. A walk is no circle: then the land that
   * is left out is drawn instead, which the server knows. */
  grow(radius) {
    for (const { row, discs } of this.circles) {
      discs.forEach((disc, i) => disc.setRadius(this.spec.walk ? 0 : Math.max(0, radius + REACH_LEVELS[i].sign * row.acc)));
    }
    if (document.body.dataset.reach) {
      document.body.dataset.reach = JSON.stringify({ n: this.circles.length, radius, set: this.spec.set });
    }
  }

  async showGaps(spec) {
    this.outlines.clearLayers();
    if (!spec.gaps) return;
    const data = await this.fetched(spec.gaps, (found) => found, null);
    if (!data || this.spec.gaps !== spec.gaps) return;
    const top = data.features.slice(0, spec.gapsShown);
    for (const feature of spec.walk ? data.features.slice(spec.gapsShown) : []) {
      L.geoJSON(feature, { pane: "reach-gaps", interactive: false,
        style: { pane: "reach-gaps", stroke: false, fillColor: "#f1a340", fillOpacity: 0.3 } }).addTo(this.outlines);
    }
    for (const feature of top) {
      L.geoJSON(feature, { pane: "reach-gaps", interactive: false,
        style: { pane: "reach-gaps", color: "#b35806", weight: 1.2, dashArray: "5 4", fillColor: "#f1a340", fillOpacity: spec.walk ? 0.3 : 0.12 } }).addTo(this.outlines);
      const p = feature.properties;
      const badge = el("span", "atlas-gap", String(p.rank));
      L.marker([p.lat, p.lon], { pane: "reach-gaps", interactive: false, keyboard: false,
        icon: L.divIcon({ html: badge, className: "atlas-symbol-anchor", iconSize: [22, 22] }) }).addTo(this.outlines);
    }
    document.body.dataset.gaps = String(top.length);
  }

  legend() {
    const { text } = this.atlas.cfg;
    const words = { low: text.reach_low, central: text.reach_central, high: text.reach_high, left: text.reach_left };
    const levels = this.spec?.walk ? [{ id: "left", color: "#f1a340", opacity: 0.3 }] : [...REACH_LEVELS].reverse();
    return levels.map((level) => {
      const mark = el("span", "atlas-swatch");
      mark.style.background = level.color;
      mark.style.opacity = Math.min(1, level.opacity + 0.35);
      const row = el("div", "atlas-legend-row");
      row.append(mark, el("span", "atlas-legend-label", words[level.id]));
      return row;
    });
  }
}

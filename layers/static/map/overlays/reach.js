/* What is served, drawn over the land: possibly (R + a), as stated (R), certainly (R - a); and the largest gaps.
 * The browser has the facilities, so a new radius needs no server: circles change while a slider moves. */
import { element } from "../../shared/dom.js";
import { farWords } from "../../shared/far.js";
import { fetchJson } from "../../shared/fetch_json.js";
import { GapShapes, UNSERVED } from "../coverage/gap_shapes.js";
import { IsochroneShapes, isochroneSwatch } from "../coverage/isochrone_shapes.js";
import { LEVELS, ServedDiscs } from "../coverage/served_discs.js";
import { legendRow } from "../legend.js";
import { rowsFromColumns } from "../rows.js";
import { sameJson } from "../state.js";
import { Edits } from "./edits.js";

const SET_BITS = { before: 1, as_of: 2, planned: 4 };

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

/* The facilities of all three sets, the same for every radius, so that a browser keeps them. */
function facilitiesAddress({ question, version }) {
  const own = ["kind", "indicator", "as_of"].filter((name) => question[name]).map((name) => [name, question[name]]);
  return `reach.json?${new URLSearchParams([...own, ["radius", "1"], ["v", version]])}`;
}

/** The served land of a page: which facilities, how far, of which set, and where its gaps are. */
export class Reach {
  /** @param {import("../atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.spec = null;
    this.rows = [];
    this.radius = 0;
    this.discs = new ServedDiscs(atlas.map, atlas.config.text, (row, at) => this.edits.pick(row, at));
    this.gaps = new GapShapes(atlas.map, atlas.config);
    this.isochrones = new IsochroneShapes(atlas.map, atlas.config.text);
    this.edits = new Edits(this);
  }

  /**
   * Show what a page asks for; a newer question replaces an older one that is still being fetched.
   * @param {Record<string, any> | null} spec The question, in the words of the API; radius, set, edits, how many gaps are outlined, and the
   *   version of the data; null for nothing.
   */
  async show(spec) {
    const before = this.spec;
    this.spec = spec;
    if (!spec) {
      this.clear();
      return;
    }
    const isNewQuestion = !before || facilitiesAddress(before) !== facilitiesAddress(spec);
    if (isNewQuestion) this.rows = await this.fetchRows(`${facilitiesAddress(spec)}&lang=${this.atlas.config.lang}`);
    if (this.spec !== spec) return;
    if (isNewQuestion || before?.set !== spec.set || !sameJson(before?.edits, spec.edits)) this.drawFacilities();
    this.edits.show(spec);
    this.grow(spec.radius);
    if (!sameJson(before?.isochrone, spec.isochrone)) await this.showIsochrones(spec);
    if (!sameJson(before?.question, spec.question)) await this.showGaps(spec);
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
    this.discs.clear();
    this.gaps.clear();
    this.isochrones.clear();
    this.rows = [];
    this.edits.show(null);
    delete document.body.dataset.reach;
  }

  drawFacilities() {
    this.discs.draw(facilitiesOf(this.rows, this.spec, (at) => this.edits.pointOf(at)));
  }

  /**
   * Show another radius without asking the server. The land that cannot be walked to is drawn as gaps, which it knows.
   * @param {number} radius R in metres.
   */
  grow(radius) {
    if (!this.spec) return;
    this.radius = radius;
    this.discs.grow(radius, this.spec.walk);
    if (document.body.dataset.reach) this.publish(radius);
  }

  publish(radius) {
    document.body.dataset.reach = JSON.stringify({ n: this.discs.circles.length, radius, set: this.spec.set });
  }

  async showIsochrones(spec) {
    this.isochrones.clear();
    if (!spec.isochrone) return;
    const parameters = new URLSearchParams({ ...spec.isochrone, lang: this.atlas.config.lang });
    const data = await this.fetchInDatum(`../api/isochrone?${parameters}`);
    if (!data || !sameJson(this.spec?.isochrone, spec.isochrone)) return;
    this.isochrones.draw(data.features, data.place);
    document.body.dataset.isochrones = String(data.features.length);
  }

  async showGaps(spec) {
    this.gaps.clear();
    if (!spec.gapsShown) return;
    const parameters = new URLSearchParams({ ...spec.question, lang: this.atlas.config.lang });
    const data = await this.fetchInDatum(`../api/gaps?${parameters}`);
    if (!data || !sameJson(this.spec?.question, spec.question)) return;
    const shown = this.gaps.draw(data.features, { count: spec.gapsShown, isWalk: spec.walk });
    document.body.dataset.gaps = String(shown);
  }

  /**
   * What is drawn here, as a picture is asked for it (geo.display.view.view_parameters says the same in Python).
   * @returns {Record<string, string>} The words of the question, with the radius that is shown.
   */
  parameters() {
    if (!this.spec) return {};
    const { question, gapsShown } = this.spec;
    return { ...question, ...farWords(this.radius, this.spec), ...(gapsShown ? { gaps: String(gapsShown) } : {}) };
  }

  /**
   * The same question on another day, where no page answers it.
   * @param {string} day Such as "2021-12-31".
   * @returns {{reach?: object}} The part of the map's state that is another one.
   */
  onDay(day) {
    return this.spec ? { reach: { ...this.spec, question: { ...this.spec.question, as_of: day } } } : {};
  }

  /** @returns {HTMLElement[]} The legend's lines on what is drawn here. */
  legendRows() {
    const { text } = this.atlas.config;
    const labels = { low: text.reach_low, central: text.reach_central, high: text.reach_high, left: text.reach_left };
    const levels = this.spec?.walk ? [UNSERVED] : [...LEVELS].reverse();
    const rows = levels.map((level) => {
      const mark = element("span", "atlas-swatch");
      mark.style.background = level.color;
      mark.style.opacity = Math.min(1, level.opacity + 0.35);
      return legendRow(mark, labels[level.id]);
    });
    if (this.spec?.gapsShown) rows.push(legendRow(element("span", "atlas-gap", "1"), text.gap_shape));
    if (this.spec?.isochrone) rows.push(legendRow(isochroneSwatch(), text.isochrones));
    return rows;
  }
}

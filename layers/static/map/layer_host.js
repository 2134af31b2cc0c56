/* What drawings know of the map that they are on: its declarations, its day, its filter, and what a click does. */
import { Clusters } from "./clusters.js";
import { WorkFilter } from "./filter.js";
import { addGradients } from "./gradients.js";
import { Messages } from "./messages.js";
import { statusOn } from "./rows.js";
import { Selection } from "./selection.js";

/** The part of a map that its layers need. AtlasMap has controls and a legend beside it; a layer on a map of somebody
 * else's has only this. */
export class LayerHost {
  /**
   * @param {L.Map} map The Leaflet map.
   * @param {object} config The declarations (layers/map/config.py).
   * @param {{state: object, listener?: (type: string, detail: object) => void}} options What is shown at first (state.js);
   *   and who hears what happens, where the map is part of its page instead of in a frame.
   */
  constructor(map, config, { state, listener }) {
    this.map = map;
    this.config = config;
    config.statuses.forEach((status, place) => { status.place = place; });
    this.unknownStatus = config.statuses.findIndex((status) => status.id === "unknown");
    this.messages = new Messages(listener);
    this.layers = [];
    addGradients(config.statuses);
    this.selection = new Selection(this);
    this.clusters = new Clusters(this);
    this.setState(state);
  }

  setState(state) {
    this.state = state;
    this.filter = new WorkFilter(state, this.config.scopes);
  }

  /** @returns {boolean} Whether a base map of tiles lies under the layers: then areas must not hide it. */
  get hasTiles() {
    let hasTiles = false;
    this.map.eachLayer((layer) => { hasTiles ||= layer instanceof L.GridLayer && !layer.options.isFeatures; });
    return hasTiles;
  }

  /**
   * Status of a row on the map's day; "unknown" for what is no work.
   * @param {Record<string, any>} row A row as rows.js makes it.
   * @returns {object} The declared status.
   */
  statusOf(row) {
    return this.config.statuses[statusOn(row.history || [], this.state.day, this.unknownStatus)];
  }

  /**
   * Status of a row that the map shows on its day.
   * @param {Record<string, any>} row A row as rows.js makes it.
   * @returns {object | null} The declared status; null where the filter, or the day that it opened or closed, leaves the row out.
   */
  visibleStatus(row) {
    if (row.opened > this.state.day || (row.closed && row.closed <= this.state.day)) return null;
    const status = this.statusOf(row);
    const passes = row.history
      ? this.filter.passes(row, status.id)
      : this.filter.passesDistricts(row.districts);
    return passes ? status : null;
  }

  /**
   * The sign of a row's category.
   * @param {{category: string | null}} row A row as rows.js makes it.
   * @returns {string} One letter or character; empty where the category has none.
   */
  glyphOf(row) {
    return this.config.categories[row.category]?.glyph || "";
  }
}

/* The map: fetches the declared layers once, then answers filters and dates in the browser. How things look comes from the
 * declarations (layers/map/*.py); nothing here knows a city or a category. */
import { Basemap } from "./basemap.js";
import { Camera } from "./camera.js";
import { Controls } from "./controls.js";
import { Counts } from "./counts.js";
import { makeDrawing } from "./drawing_registry.js";
import { WorkFilter } from "./filter.js";
import { addGradients } from "./gradients.js";
import { Legend } from "./legend.js";
import { Messages } from "./messages.js";
import { Draft } from "./overlays/draft.js";
import { Reach } from "./overlays/reach.js";
import { Siting } from "./overlays/siting.js";
import { statusOn } from "./rows.js";
import { Selection } from "./selection.js";
import { isShown, sameJson, stateFromLink } from "./state.js";

const isArea = (layer) => layer.draw === "areas";
const FIRST_PANE = 401; // above Leaflet's own overlays; layers stand ten apart

/** One map on a page. `window.atlas` is the last one that was started: for tests and for a look from the console. */
export class AtlasMap {
  /**
   * @param {L.Map} map The Leaflet map.
   * @param {object} config The declarations (layers/map/config.py).
   * @param {{fetchLayer: (layer: object, datum: string) => Promise<object>, listener?: (type: string, detail: object) => void}} options
   *   Where layers come from; and who hears what happens, where the map is part of its page instead of in a frame.
   */
  constructor(map, config, { fetchLayer, listener }) {
    this.map = map;
    this.config = config;
    this.fetchLayer = fetchLayer;
    config.statuses.forEach((status, place) => { status.place = place; });
    this.unknownStatus = config.statuses.findIndex((status) => status.id === "unknown");
    this.messages = new Messages(listener);
    this.drawings = new Map();
    this.setState(stateFromLink(new URLSearchParams(location.search), new Date(), Object.keys(config.scopes)));
    this.addParts();
    this.camera.begin();
    this.begin();
  }

  addParts() {
    this.map.zoomControl.setPosition("topleft");
    addGradients(this.config.statuses);
    this.config.layers.forEach((layer, i) => {
      this.map.createPane(layer.id).style.zIndex = FIRST_PANE + 10 * i;
    });
    this.camera = new Camera(this);
    this.basemap = new Basemap(this);
    this.controls = new Controls(this);
    this.legend = new Legend(this);
    this.selection = new Selection(this);
    this.reach = new Reach(this);
    this.siting = new Siting(this);
    this.draft = new Draft(this);
    this.messages.receive({
      state: ({ state }) => this.update(state),
      reach: ({ radius }) => this.reach.grow(radius),
      follow: ({ view }) => this.camera.follow(view),
      where: () => this.camera.announceMove(),
    });
  }

  async begin() {
    this.controls.showLoading(true);
    await this.load();
    this.controls.showLoading(false);
    performance.mark("atlas-ready");
    document.body.dataset.ready = "1";
    this.messages.send("ready", {});
    if (this.state.selected) this.selection.bringNear(location.hash.includes("map="));
  }

  /* Areas first: the land is there before the works. */
  async load() {
    await Promise.all(this.config.layers.filter(isArea).map((layer) => this.loadLayer(layer)));
    this.draw();
    performance.mark("atlas-first-paint");
    await Promise.all(this.config.layers.filter((layer) => !isArea(layer)).map((layer) => this.loadLayer(layer)));
    this.draw();
  }

  async loadLayer(layer) {
    try {
      const data = await this.fetchLayer(layer, this.basemap.datum);
      this.drawings.get(layer.id)?.remove();
      this.drawings.set(layer.id, makeDrawing(this, layer, data));
    } catch (error) {
      this.controls.showFailure(`${layer.title}: ${error.message}`);
    }
  }

  setState(state) {
    this.state = state;
    this.filter = new WorkFilter(state, this.config.scopes);
  }

  /**
   * Show something else.
   * @param {Record<string, any>} news The parts of the state that are new (state.js has all of them).
   */
  update(news) {
    const before = this.state;
    this.controls.player.stop();
    this.setState({ ...before, ...news });
    const { state } = this;
    if (state.basemap !== before.basemap) this.showBasemap();
    this.draw();
    if (!sameJson(state.reach, before.reach)) this.reach.show(state.reach).then(() => this.legend.update(this.counts));
    this.siting.show(state.siting);
    if (!sameJson(state.draft, before.draft)) this.draft.show(state.draft);
    if (state.focus && !sameJson(state.focus, before.focus)) this.camera.goTo(state.focus);
    if (state.selected && state.selected !== before.selected) this.selection.bringNear();
    if (!state.selected) this.selection.removeRing();
  }

  showBasemap() {
    if (!this.basemap.show(this.state.basemap)) return;
    this.load();
    const { reach } = this.state;
    if (reach) this.reach.show(null).then(() => this.reach.show(reach));
  }

  /**
   * Show another day without anyone else hearing of it.
   * @param {number} day Such as 20211231.
   */
  showDay(day) {
    this.state.day = day;
    this.draw();
  }

  draw() {
    const counts = new Counts(this.config);
    for (const layer of this.config.layers) {
      const drawing = this.drawings.get(layer.id);
      if (drawing) counts.layers[layer.id] = drawing.draw(isShown(layer, this.state.layers), counts);
    }
    this.counts = counts;
    this.controls.showDay(this.state.day);
    this.legend.update(counts);
    document.body.dataset.counts = JSON.stringify(counts);
    document.body.dataset.draws = String(Number(document.body.dataset.draws || 0) + 1);
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
   * @returns {object | null} The declared status; null where the filter, or the day that it opened, leaves the row out.
   */
  visibleStatus(row) {
    if (row.opened > this.state.day) return null;
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

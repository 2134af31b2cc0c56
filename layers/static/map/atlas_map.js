/* The map: fetches its layers once, then answers filters and dates in the browser. How things look comes from the
 * declarations (layers/map/*.py); nothing here knows a city, a category or a way of drawing. */
import { Basemap } from "./basemap.js";
import { Camera } from "./camera.js";
import { Controls } from "./controls.js";
import { Counts } from "./counts.js";
import { Hands } from "./hands.js";
import { LayerHost } from "./layer_host.js";
import { Legend } from "./legend.js";
import { Draft } from "./overlays/draft.js";
import { Reach } from "./overlays/reach.js";
import { Siting } from "./overlays/siting.js";
import { isShown, sameJson } from "./state.js";
import { onDarkChange } from "../shared/dark.js";
import { dayText } from "../shared/days.js";

const isArea = (layer) => layer.declaration.draw === "areas";

/** One map on a page. `window.atlas` is the last one that was started: for tests and for a look from the console. */
export class AtlasMap extends LayerHost {
  /**
   * @param {L.Map} map The Leaflet map.
   * @param {object} config The declarations (layers/map/config.py).
   * @param {{layers: L.Layer[], state: object, listener?: (type: string, detail: object) => void}} options
   *   Its layers (map_layer.js); what it shows at first (state.js); and who hears what happens, where the map is part of
   *   its page instead of in a frame.
   */
  constructor(map, config, { layers, state, listener }) {
    super(map, config, { state, listener });
    this.layers = layers;
    this.isLoaded = false;
    this.coming = new Set(); // layers that are being fetched
    this.awaited = null; // the day that playing asked the page for
    this.addParts();
    this.basemap.show(state.basemap);
    this.camera.begin();
    onDarkChange(() => this.draw());
    this.begin();
  }

  addParts() {
    this.map.zoomControl.setPosition("topleft");
    this.camera = new Camera(this);
    this.basemap = new Basemap(this);
    this.controls = new Controls(this);
    this.legend = new Legend(this);
    this.hands = new Hands(this);
    this.reach = new Reach(this);
    this.siting = new Siting(this);
    this.draft = new Draft(this);
    this.messages.receive({
      state: ({ state }) => this.update(state),
      reach: ({ radius }) => this.reach.grow(radius),
      follow: ({ view }) => this.camera.follow(view),
      placed: () => this.camera.settle(),
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
    if (this.state.selected) await this.bringNear(this.camera.takeLinkedFrame());
  }

  /* Areas first: the land is there before the works. What is not shown is fetched when it is. */
  async load() {
    const layers = this.layers.filter((layer) => layer.drawing || this.isWanted(layer));
    await this.loadLayers(layers.filter(isArea));
    performance.mark("atlas-first-paint");
    await this.loadLayers(layers.filter((layer) => !isArea(layer)));
    this.isLoaded = true;
    this.loadWanted();
  }

  async loadLayers(layers) {
    await Promise.all(layers.map((layer) => this.loadLayer(layer)));
    await this.draw();
  }

  isWanted({ declaration }) {
    return !declaration.optional || declaration.counted || isShown(declaration, this.state.layers);
  }

  /* Layers that have come to be shown since the others were fetched. */
  loadWanted() {
    const missing = this.layers.filter((layer) => !layer.drawing && !this.coming.has(layer) && this.isWanted(layer));
    if (this.isLoaded && missing.length) this.loadLayers(missing);
  }

  /* What is selected may be of a layer that was never shown. */
  async bringNear(keepsFrame) {
    const isUnknown = () => !this.selection.placeOf(this.state.selected);
    if (isUnknown()) await this.seek();
    const missing = isUnknown() ? this.layers.filter((layer) => !layer.drawing) : [];
    if (missing.length) await this.loadLayers(missing);
    if (missing.length && isUnknown()) await this.seek();
    this.selection.bringNear(keepsFrame);
  }

  /* Layers that hold only what is on the screen ask where the selected feature is. */
  seek() {
    return Promise.all(this.layers.map(({ drawing }) => drawing?.seek?.(this.state.selected)));
  }

  async loadLayer(layer) {
    this.coming.add(layer);
    try {
      await layer.fetch(this, this.basemap.datum);
    } catch (error) {
      this.controls.showFailure(`${layer.declaration.title}: ${error.message}`);
    }
    this.coming.delete(layer);
  }

  /** A person switched a layer in Leaflet's own layer control. */
  readLayers() {
    if (!this.isLoaded) return;
    const ids = this.layers.filter((layer) => this.map.hasLayer(layer)).map((layer) => layer.declaration.id);
    this.state.layers = ids;
    this.draw();
    this.loadWanted();
  }

  /**
   * Show something else.
   * @param {Record<string, any>} news The parts of the state that are new (state.js has all of them).
   * @returns {Promise<void> | undefined} Ends when it is drawn, where that is not yet.
   */
  update(news) {
    const before = this.state;
    this.setState({ ...before, ...news });
    const { state } = this;
    if (state.basemap !== before.basemap) this.showBasemap();
    const drawn = this.draw();
    this.loadWanted();
    Promise.all([drawn, this.showReach(before)]).then(() => this.heedDay(state.day, before.day));
    this.siting.show(state.siting);
    if (!sameJson(state.draft, before.draft)) this.draft.show(state.draft);
    const isOtherFocus = state.focus && !sameJson(state.focus, before.focus);
    const isOtherWork = state.selected && state.selected !== before.selected;
    const keepsFrame = (isOtherFocus || isOtherWork) && this.camera.takeLinkedFrame();
    if (isOtherFocus && !keepsFrame) this.camera.goTo(state.focus);
    if (isOtherWork) this.bringNear(keepsFrame);
    if (!state.selected && before.selected) this.selection.clear();
    return drawn;
  }

  async showReach(before) {
    const { reach } = this.state;
    if (sameJson(reach, before.reach)) return;
    await this.reach.show(reach);
    this.legend.update(this.counts);
  }

  /**
   * A line of the legend was pressed: show only what it names, or all again. The page around the map is told, so that its filter agrees.
   * @param {string} list A list of the filter, such as "statuses".
   * @param {string} id A value of it.
   */
  choose(list, id) {
    const chosen = new Set(this.state[list] || []);
    if (!chosen.delete(id)) chosen.add(id);
    this.update({ [list]: [...chosen] });
    this.messages.send("choose", { list, values: [...chosen] });
  }

  showBasemap() {
    if (!this.basemap.show(this.state.basemap)) return;
    this.load();
    const { reach } = this.state;
    if (reach) this.reach.show(null).then(() => this.reach.show(reach));
  }

  /**
   * Ask for another day. A page that has a slider and tables of the day moves them with the map: it answers with a state
   * of that day. Any other map shows the day itself.
   * @param {number} day Such as 20211231.
   * @returns {Promise<void>} Ends when the day is shown.
   */
  askForDay(day) {
    if (this.state.day === day) return Promise.resolve();
    if (!this.state.pageHasDay) {
      this.awaited = { day, show: () => {} };
      this.messages.send("day", { day });
      return Promise.resolve(this.update({ day, ...this.reach.onDay(dayText(day)) }));
    }
    return new Promise((show) => {
      this.awaited = { day, show };
      this.messages.send("day", { day });
    });
  }

  /* The day that playing asked for has come, or somebody else asked for another: then playing ends. */
  heedDay(day, before) {
    if (this.awaited?.day === day) this.awaited.show();
    else if (day !== before) this.controls.player.stop();
    else return;
    this.awaited = null;
  }

  /**
   * Draw what the state says. Where a layer must fetch the day first, all stays as it is until that has come.
   * @returns {Promise<void> | undefined} Ends when it is drawn; undefined where that is now.
   */
  draw() {
    const late = this.layers.map(({ drawing }) => drawing?.comeTo?.(this.state.day)).filter(Boolean);
    if (late.length) return Promise.all(late).then(() => this.draw());
    const counts = new Counts(this.config);
    for (const layer of this.layers) layer.draw(isShown(layer.declaration, this.state.layers), counts);
    this.clusters.refresh();
    this.counts = counts;
    this.controls.showDay(this.state.day);
    this.legend.update(counts);
    document.body.dataset.counts = JSON.stringify(counts);
    document.body.dataset.draws = String(Number(document.body.dataset.draws || 0) + 1);
    return undefined;
  }
}

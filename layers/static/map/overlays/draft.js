/* What is not in the register yet, drawn over it: places of a file as given and as converted, and the place that a person
 * points at. */
import { element } from "../../shared/dom.js";
import { drawnIcon } from "../markers.js";
import { paneOf } from "../panes.js";
import { sameJson } from "../state.js";
import { DRAWINGS } from "../../shared/tokens.js";

const LEVEL_COLORS = {
  good: DRAWINGS["draft-good"], warning: DRAWINGS["draft-warning"], error: DRAWINGS["draft-error"], known: DRAWINGS["draft-known"],
};
const PIN_COLOR = LEVEL_COLORS.error;
const GIVEN_COLOR = LEVEL_COLORS.known;

/** A draft: points of a file, and one pin. */
export class Draft {
  /** @param {import("../atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.map = atlas.map;
    this.spec = null;
    this.group = L.layerGroup().addTo(this.map);
    paneOf(this.map, "draft", 660);
    this.options = { renderer: L.svg({ pane: "draft", padding: 0.5 }), pane: "draft" };
    this.map.on("click", (event) => this.clickMap(event.latlng));
  }

  /**
   * Show a draft.
   * @param {Record<string, any> | null} spec `points` as columns x, y, and where given x0, y0 (as in the file), level and
   *   label; `at` and `accuracy` of the pin; `pick`, whether a click moves it; `bounds` to look at.
   */
  show(spec) {
    const before = this.spec;
    this.spec = spec;
    this.map.getContainer().classList.toggle("atlas-picking", Boolean(spec?.pick));
    this.group.clearLayers();
    this.pin = null;
    if (!spec) return;
    const points = spec.points || { x: [], y: [] };
    points.x.forEach((_x, i) => this.addPoint(points, i));
    if (spec.at) this.addPin(L.latLng(spec.at[1], spec.at[0]));
    document.body.dataset.draft = JSON.stringify({ n: points.x.length, at: spec.at || null });
    this.moveCamera(before);
  }

  /* A new frame is shown; a pin outside of the frame is brought into it. */
  moveCamera(before) {
    const { bounds } = this.spec;
    if (bounds && !sameJson(bounds, before?.bounds)) this.map.fitBounds(bounds, { maxZoom: 15, animate: false });
    if (this.pin && !this.map.getBounds().contains(this.pin.getLatLng())) this.map.panTo(this.pin.getLatLng());
  }

  addPoint(points, i) {
    const at = [points.y[i], points.x[i]];
    if (points.x0) this.addGiven([points.y0[i], points.x0[i]], at);
    const dot = L.circleMarker(at, {
      ...this.options, radius: 4.5, color: DRAWINGS.rim, weight: 1, fillOpacity: 0.95,
      fillColor: LEVEL_COLORS[points.level?.[i]] || LEVEL_COLORS.good,
    });
    if (points.label) dot.bindTooltip(() => element("span", "", points.label[i]));
    dot.addTo(this.group);
  }

  /* Where the file's own numbers would put the point, and a line to where it is. */
  addGiven(given, at) {
    const options = { ...this.options, interactive: false, color: GIVEN_COLOR };
    L.polyline([given, at], { ...options, weight: 1, dashArray: "2 3" }).addTo(this.group);
    L.circleMarker(given, { ...options, radius: 3, weight: 1.5, fill: false }).addTo(this.group);
  }

  addPin(at) {
    this.disc = L.circle(at, {
      ...this.options, radius: this.spec.accuracy || 0, color: PIN_COLOR, weight: 1, dashArray: "4 4", fillColor: PIN_COLOR,
      fillOpacity: 0.08, interactive: false,
    }).addTo(this.group);
    const icon = drawnIcon(element("span", "atlas-pin"), 26);
    this.pin = L.marker(at, { icon, draggable: Boolean(this.spec.pick), keyboard: false, pane: "draft" }).addTo(this.group);
    this.pin.on("drag", () => this.disc.setLatLng(this.pin.getLatLng()));
    this.pin.on("dragend", () => this.choose(this.pin.getLatLng()));
  }

  clickMap(at) {
    if (!this.spec?.pick) return;
    this.pin?.remove();
    this.disc?.remove();
    this.addPin(at);
    this.choose(at);
  }

  choose(at) {
    this.atlas.messages.send("pick", { lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)) });
  }
}

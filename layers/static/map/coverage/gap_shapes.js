/* Who is left out: the largest gaps with their rank; along streets, also all other land that nobody can walk to. */
import { element } from "../../shared/dom.js";
import { drawnIcon } from "../markers.js";
import { paneOf } from "../panes.js";

/** How land that is left out looks. */
export const UNSERVED = { id: "left", color: "#f1a340", opacity: 0.3 };
const PANE = "reach-gaps";
const PANE_ORDER = 640;
const GAP_PIXELS = 22;

/** Outlines and ranks of gaps. */
export class GapShapes {
  /** @param {L.Map} map The map. */
  constructor(map) {
    this.group = L.layerGroup().addTo(map);
    paneOf(map, PANE, PANE_ORDER).style.pointerEvents = "none";
  }

  /**
   * Draw gaps, in place of those from before.
   * @param {object[]} features Features of GeoJSON, the largest first, with `rank`, `lon` and `lat`.
   * @param {{count: number, isWalk: boolean}} options How many are outlined; whether the others are tinted.
   * @returns {number} How many are outlined.
   */
  draw(features, { count, isWalk }) {
    this.group.clearLayers();
    const largest = features.slice(0, count);
    const others = isWalk ? features.slice(count) : [];
    for (const feature of others) this.addShape(feature, { stroke: false, fillOpacity: UNSERVED.opacity });
    for (const feature of largest) {
      this.addShape(feature, { color: "#b35806", weight: 1.2, dashArray: "5 4", fillOpacity: isWalk ? UNSERVED.opacity : 0.12 });
      this.addRank(feature.properties);
    }
    return largest.length;
  }

  addShape(feature, style) {
    L.geoJSON(feature, { pane: PANE, interactive: false, style: { pane: PANE, fillColor: UNSERVED.color, ...style } }).addTo(this.group);
  }

  addRank({ lat, lon, rank }) {
    const icon = drawnIcon(element("span", "atlas-gap", String(rank)), GAP_PIXELS);
    L.marker([lat, lon], { pane: PANE, interactive: false, keyboard: false, icon }).addTo(this.group);
  }

  clear() {
    this.group.clearLayers();
  }

  remove() {
    this.group.remove();
  }
}

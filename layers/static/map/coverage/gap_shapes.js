/* Who is left out: the largest gaps with their rank; along streets, also all other land that nobody can walk to. */
import { element } from "../../shared/dom.js";
import { numberText, wholeText } from "../../shared/numbers.js";
import { drawnIcon, nameMarker, onPress } from "../markers.js";
import { paneOf } from "../panes.js";
import { DRAWINGS } from "../../shared/tokens.js";

/** How land that is left out looks. */
export const UNSERVED = { id: "left", color: DRAWINGS.left, opacity: 0.3 };
const PANE = "reach-gaps";
const PANE_ORDER = 640;
const GAP_PIXELS = 22;

/** Outlines and ranks of gaps. */
export class GapShapes {
  /**
   * @param {L.Map} map The map.
   * @param {{text: Record<string, string>, lang: string}} config The map's texts, and their language.
   */
  constructor(map, { text, lang }) {
    this.map = map;
    this.text = text;
    this.nameField = `name_${lang}`;
    this.group = L.layerGroup().addTo(map);
    paneOf(map, PANE, PANE_ORDER).classList.add("atlas-gaps");
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
      this.addShape(feature, { color: DRAWINGS["left-edge"], weight: 1.2, dashArray: "5 4", fillOpacity: isWalk ? UNSERVED.opacity : 0.12 });
      this.addRank(feature.properties);
    }
    return largest.length;
  }

  addShape(feature, style) {
    const shape = L.geoJSON(feature, { pane: PANE, style: { pane: PANE, fillColor: UNSERVED.color, ...style } });
    shape.on("click", (event) => this.showCard(feature.properties, event.latlng)).addTo(this.group);
  }

  addRank(properties) {
    const { lat, lon, rank } = properties;
    const icon = drawnIcon(element("span", "atlas-gap", String(rank)), GAP_PIXELS);
    const marker = L.marker([lat, lon], { pane: PANE, icon });
    nameMarker(marker, `${this.text.gap} ${rank}`);
    onPress(marker, () => this.showCard(properties, marker.getLatLng()));
    marker.addTo(this.group);
  }

  showCard(properties, at) {
    const { rank, land_km2: land, residents, [this.nameField]: name } = properties;
    const card = element("div", "atlas-card");
    card.append(element("strong", "", `${this.text.gap} ${rank}${name ? ` · ${name}` : ""}`));
    card.append(element("div", "", `${numberText(land)} ${this.text.gap_land}`));
    if (residents !== null && residents !== undefined) card.append(element("div", "", `${wholeText(residents)} ${this.text.gap_residents}`));
    L.popup({ maxWidth: 280 }).setLatLng(at).setContent(card).openOn(this.map);
  }

  clear() {
    this.group.clearLayers();
  }

  remove() {
    this.group.remove();
  }
}

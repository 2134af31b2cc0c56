/* Where one comes from a place in some minutes: polygons, the shortest time above the longer ones, and the place itself. */
import { element } from "../../shared/dom.js";
import { numberText, wholeText } from "../../shared/numbers.js";
import { DRAWINGS } from "../../shared/tokens.js";
import { paneOf } from "../panes.js";

const PANE = "reach-isochrones";
const PANE_ORDER = 635;
const COLOR = DRAWINGS.isochrone;

/**
 * How they look in the legend.
 * @returns {HTMLElement} A swatch.
 */
export function isochroneSwatch() {
  const mark = element("span", "atlas-swatch");
  mark.style.background = COLOR;
  mark.style.opacity = "0.4";
  return mark;
}

/** Polygons of one place. */
export class IsochroneShapes {
  /**
   * @param {L.Map} map The map.
   * @param {Record<string, string>} text The map's texts.
   */
  constructor(map, text) {
    this.map = map;
    this.text = text;
    this.group = L.layerGroup().addTo(map);
    paneOf(map, PANE, PANE_ORDER);
  }

  /**
   * Draw polygons, in place of those from before.
   * @param {object[]} features Features of GeoJSON, the longest time first, with `minutes`, `area_km2` and `residents`.
   * @param {[number, number]} place Longitude and latitude, in the map's system.
   */
  draw(features, [lon, lat]) {
    this.group.clearLayers();
    for (const feature of features) {
      const style = { pane: PANE, color: COLOR, weight: 1.2, fillColor: COLOR, fillOpacity: 0.16 };
      L.geoJSON(feature, { pane: PANE, style }).on("click", (event) => this.showCard(feature.properties, event.latlng)).addTo(this.group);
    }
    L.circleMarker([lat, lon], { pane: PANE, radius: 6, color: DRAWINGS.rim, weight: 2, fillColor: COLOR, fillOpacity: 1, interactive: false }).addTo(this.group);
    const bounds = L.featureGroup(this.group.getLayers().filter((layer) => layer.getBounds)).getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1));
  }

  showCard({ minutes, area_km2: area, residents }, at) {
    const card = element("div", "atlas-card");
    card.append(element("strong", "", this.text.isochrone.replace("{n}", numberText(minutes))));
    card.append(element("div", "", `${numberText(area)} ${this.text.gap_land}`));
    if (residents !== null) card.append(element("div", "", `${wholeText(residents)} ${this.text.gap_residents}`));
    L.popup({ maxWidth: 280 }).setLatLng(at).setContent(card).openOn(this.map);
  }

  clear() {
    this.group.clearLayers();
  }
}

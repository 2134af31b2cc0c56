/* Chosen sites (numbered squares with their reach), a person's own (lettered diamonds), and the land they may or may not
   stand on; a click adds an own site. */
import { element } from "../../shared/dom.js";
import { drawnIcon } from "../markers.js";
import { paneOf } from "../panes.js";
import { sameJson } from "../state.js";
import { DRAWINGS } from "../../shared/tokens.js";

const MARKER_PIXELS = 24;
const MIDDLE = [12, 12];
const BESIDE = [-12, 12]; // where a chosen site stands on the same place
const CHOSEN = { className: "atlas-site", color: DRAWINGS.site, dashArray: null };
const OWN = { className: "atlas-own", color: DRAWINGS.own, dashArray: "5 4" };

/**
 * The name of a person's own site.
 * @param {number} i Its position, from 0.
 * @returns {string} "A" to "Z", then "A1", "A2" and so on.
 */
export function siteLetter(i) {
  return i < 26 ? String.fromCharCode(65 + i) : `A${i - 25}`;
}

const LAND = {
  parcel: { color: DRAWINGS.site, weight: 2, fillOpacity: 0.12 },
  excluded: { color: DRAWINGS.excluded, weight: 1.5, dashArray: "6 4", fillOpacity: 0.1 },
};

const placeKey = ([lon, lat]) => `${lon.toFixed(5)},${lat.toFixed(5)}`;

const placeText = ([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`;

/** Sites of the page that chooses them. */
export class Siting {
  /** @param {import("../atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.spec = null;
    this.group = L.layerGroup().addTo(atlas.map);
    for (const [name, order] of [["siting-land", 405], ["siting-discs", 406], ["siting-marks", 650]]) {
      paneOf(atlas.map, name, order);
    }
    atlas.map.on("click", (event) => this.pick(event.latlng));
  }

  /**
   * Show sites.
   * @param {{best: any[], own: number[][], radius: number, land?: {kind: string, shape: any}[]} | null} spec Longitude,
   *   latitude and label of chosen sites, and how far each reaches where their kinds differ; longitude and latitude of a person's own; how far each reaches, in metres; shapes
   *   (GeoJSON) of chosen parcels and of what is excluded.
   */
  show(spec) {
    if (sameJson(spec, this.spec)) return;
    this.spec = spec;
    this.group.clearLayers();
    this.atlas.map.getContainer().classList.toggle("atlas-picking", Boolean(spec));
    if (!spec) return;
    const land = spec.land || [];
    for (const { kind, shape } of land) L.geoJSON(shape, { style: LAND[kind], interactive: false, pane: "siting-land" }).addTo(this.group);
    const taken = new Set(spec.best.map(placeKey));
    spec.best.forEach((site, i) => this.addSite(site, CHOSEN, { text: String(i + 1), label: site[2], anchor: MIDDLE }));
    spec.own.forEach((site, i) =>
      this.addSite(site, OWN, { text: siteLetter(i), label: "", anchor: taken.has(placeKey(site)) ? BESIDE : MIDDLE }));
    document.body.dataset.siting = JSON.stringify({ best: spec.best.length, own: spec.own.length, land: land.length });
  }

  /**
   * What is drawn here, as a picture is asked for it (geo.display.view.view_parameters says the same in Python).
   * @returns {Record<string, string>} Chosen sites and a person's own; what there is none of is left out.
   */
  parameters() {
    const pairs = ["best", "own"].map((name) => [name, (this.spec?.[name] || []).map(placeText).join(";")]);
    return Object.fromEntries(pairs.filter(([_name, text]) => text));
  }

  addSite([lon, lat, , reach], { className, color, dashArray }, { text, label, anchor }) {
    L.circle([lat, lon], {
      radius: reach ?? this.spec.radius, color, weight: 2, dashArray, fillColor: color, fillOpacity: 0.18, interactive: false, pane: "siting-discs",
    }).addTo(this.group);
    const marker = L.marker([lat, lon], {
      pane: "siting-marks", keyboard: Boolean(label), interactive: Boolean(label), title: label, alt: label || text,
      icon: drawnIcon(element("span", className, text), MARKER_PIXELS, anchor),
    }).addTo(this.group);
    if (label) marker.bindTooltip(() => element("span", "", label));
  }

  pick(at) {
    if (this.spec && this.atlas.basemap.datum === "WGS84") this.atlas.messages.send("pick", { lon: at.lng, lat: at.lat });
  }
}

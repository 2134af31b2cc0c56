/* The features of a page of the open API on a plain map: no tiles, and no text from data but by textContent. */
import { element } from "./shared/dom.js";
import { fetchJson } from "./shared/fetch_json.js";
import { DRAWINGS } from "./shared/tokens.js";

const box = document.getElementById("map");
const data = await fetchJson(box.dataset.json);
const features = (data.features || [data]).filter((feature) => feature.geometry);
box.hidden = !features.length;
if (features.length) showFeatures(features);

function showFeatures(shown) {
  const map = L.map(box, { attributionControl: false, maxZoom: 18 });
  const layer = L.geoJSON({ type: "FeatureCollection", features: shown }, {
    style: { color: DRAWINGS["draft-good"], weight: 2, fillOpacity: 0.08 },
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 5, weight: 1 }),
    onEachFeature: (feature, drawn) => drawn.bindTooltip(element("span", "", feature.properties.name_zh || feature.id)),
  }).addTo(map);
  map.fitBounds(layer.getBounds().pad(0.1), { maxZoom: 15 });
  L.control.scale({ imperial: false }).addTo(map);
}

/* Starts the map of a page that folium wrote. */
import { AtlasMap } from "./atlas_map.js";
import { fetchJson } from "../shared/fetch_json.js";

const fetchLayer = (layer, datum) => fetchJson(`${layer.url}&datum=${datum}`);

/**
 * Fetch the declarations and draw them.
 * @param {L.Map} map The Leaflet map.
 * @param {string} configUrl Address of the declarations, relative to the page.
 */
export async function start(map, configUrl) {
  const config = await fetchJson(configUrl);
  window.atlas = new AtlasMap(map, config, { fetchLayer });
}

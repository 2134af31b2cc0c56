/* The app's own map in a page of the site: its layers come from the page's tables. */
import { AtlasMap } from "../../static/map/atlas_map.js";
import { makeLayer } from "../../static/map/map_layer.js";
import { stateFromLink } from "../../static/map/state.js";
import { tables } from "./tables.js";

/**
 * Put the map into the page.
 * @param {import("./view.js").View} view What it shows at first.
 * @param {(type: string, detail: object) => void} listener Hears what happens on it.
 * @returns {AtlasMap} The map.
 */
export function addMap(view, listener) {
  const { config, layers, map: options } = tables.core;
  const map = L.map("map", options);
  L.control.scale().addTo(map);
  const atlas = new AtlasMap(map, config, {
    layers: config.layers.map((layer) => makeLayer(layer, () => layers[layer.id])),
    state: { ...stateFromLink(new URLSearchParams(location.search), new Date(), config), ...view.mapState() },
    listener,
  });
  window.atlas = atlas;
  return atlas;
}

/* What the scripts of a page that folium wrote call (layers/map/element.py, layers/map/folium_map.py). */
import { AtlasMap } from "./atlas_map.js";
import { addEmbedLines, wholeView } from "./embed_lines.js";
import { makeLayer } from "./map_layer.js";
import { dayText } from "../shared/days.js";
import { fetchJson } from "../shared/fetch_json.js";
import { stateFromLink } from "./state.js";

/**
 * A layer whose data is fetched from the server that sent the page.
 * @param {object} declaration How it looks.
 * @param {string} url Address of its data; the system of coordinates is added to it.
 * @returns {L.Layer} A layer for `startMap`.
 */
function servedLayer(declaration, url) {
  return makeLayer(declaration, (datum) => fetchJson(`${url}&datum=${datum}`));
}

/**
 * A layer whose data stands in the page.
 * @param {object} declaration How it looks.
 * @param {object} data Its data.
 * @param {{config: object, state: object} | null} alone The declarations and what is shown, where no `startMap` drives it.
 * @returns {L.Layer} A layer for any map.
 */
function embeddedLayer(declaration, data, alone) {
  return makeLayer(declaration, () => data, alone);
}

/* What an embedded map does where something happens on it: its link to the whole view keeps up. */
function embedListener(map, { embed }, { text }) {
  const lines = addEmbedLines(map.getContainer(), embed, text);
  const news = { at: location.hash.slice(1) };
  const show = () => lines.show(wholeView(embed.address, news));
  show();
  return (type, { at, id, day }) => {
    if (type === "view") news.at = at;
    if (type === "select") news.id = id;
    if (type === "day") news.day = dayText(day);
    show();
  };
}

function listenerOf(map, source, config) {
  if (source.embed) return embedListener(map, source, config);
  return source.config && (() => {}); // a page in a file has nobody to tell what happens
}

/**
 * Give a map its legend, its buttons and its clock, and have it drive its layers.
 * @param {L.Map} map The Leaflet map.
 * @param {L.Layer[]} layers Its layers.
 * @param {{url: string} | {config: object, state: object}} source Address of the declarations, or the declarations with
 *   what is shown at first; `embed` for a map in another site's frame (embed_lines.js).
 */
async function startMap(map, layers, source) {
  const config = source.config || await fetchJson(source.url);
  const link = stateFromLink(new URLSearchParams(location.search), new Date(), config);
  const listener = listenerOf(map, source, config);
  const { reach = null, siting = null, ...state } = { ...link, ...source.state };
  window.atlas = new AtlasMap(map, config, { layers, listener, state: { ...state, reach: null, siting: null } });
  if (reach) window.atlas.update({ reach, siting });
}

window.atlasPage = { servedLayer, embeddedLayer, startMap };

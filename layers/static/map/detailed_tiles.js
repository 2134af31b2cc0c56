/* The detailed base map: vector tiles out of one file of this server, drawn and labelled by protomaps-leaflet. */
import { isDark } from "../shared/dark.js";

const LAST_ZOOM = 14; // of the tiles (geo/detailed_map/kinds.py); from there on they are drawn larger
const INK = { light: { station: "#37507a", park: "#3f6b45", halo: "#fff" }, dark: { station: "#a9bfe8", park: "#9cc7a2", halo: "#222" } };

let renderer = null; // the library, asked for once

function loadRenderer(url) {
  renderer ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(window.protomapsL));
    script.addEventListener("error", () => {
      renderer = null;
      reject(new Error(url));
    });
    document.head.append(script);
  });
  return renderer;
}

/* The library names roads, water and settlements by itself. */
function nameRules(library, flavor, lang) {
  const ink = INK[flavor];
  return ["station", "park"].map((kind) => ({
    dataLayer: "pois",
    symbolizer: new library.CenteredTextSymbolizer({
      labelProps: [`name:${lang}`, "name"], fill: ink[kind], stroke: ink.halo, width: 2, lineHeight: 1.3, font: "500 12px sans-serif",
    }),
    filter: (_zoom, feature) => feature.props.kind === kind,
  }));
}

/**
 * A layer of the detailed base map in the colours of the system.
 * @param {{url: string, script: string}} base Its declaration.
 * @param {string} lang "zh" or "en": names are in that language where OpenStreetMap has them, else as they are there.
 * @returns {Promise<L.GridLayer>} The layer.
 * @throws {Error} Where the library or the file does not come.
 */
export async function detailedTiles(base, lang) {
  const [library, file] = await Promise.all([loadRenderer(base.script), fetch(base.url, { method: "HEAD" })]);
  if (!file.ok) throw new Error(String(file.status));
  const flavor = isDark() ? "dark" : "light";
  const layer = library.leafletLayer({ url: base.url, flavor, lang, maxDataZoom: LAST_ZOOM, maxZoom: 18 });
  layer.labelRules = [...nameRules(library, flavor, lang), ...layer.labelRules];
  layer.clearLayout();
  return layer;
}

/* The detailed base map: vector tiles out of one file of this server, drawn by protomaps-leaflet. */
import { nameRules, roadRules } from "./detailed_style.js";
import { isDark } from "../shared/dark.js";

const LAST_ZOOM = 14; // of the tiles (geo/detailed_map/kinds.py); from there on they are drawn larger

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

/**
 * A layer of the detailed base map in the colours of the system.
 * @param {{url: string, script: string}} base Its declaration.
 * @param {string} lang "zh" or "en", of the names.
 * @returns {Promise<L.GridLayer>} The layer.
 * @throws {Error} Where the library or the file does not come.
 */
export async function detailedTiles(base, lang) {
  const [library, file] = await Promise.all([loadRenderer(base.script), fetch(base.url, { method: "HEAD", cache: "no-store" })]);
  if (!file.ok) throw new Error(String(file.status));
  const flavor = isDark() ? "dark" : "light";
  const layer = library.leafletLayer({ url: base.url, flavor, lang, maxDataZoom: LAST_ZOOM, maxZoom: 18 });
  layer.paintRules = [...layer.paintRules.filter((rule) => rule.dataLayer !== "roads"), ...roadRules(library, flavor)];
  layer.labelRules = nameRules(library, flavor, lang);
  layer.clearLayout();
  return layer;
}

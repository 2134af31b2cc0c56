/* protomaps-leaflet, the library that reads vector tiles and draws the detailed base map. */

let renderer = null; // the library, asked for once

/**
 * Load the library.
 * @param {string} url Its address on this server.
 * @returns {Promise<object>} What it exports.
 * @throws {Error} Where it does not come; then it may be asked for again.
 */
export function loadTileRenderer(url) {
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

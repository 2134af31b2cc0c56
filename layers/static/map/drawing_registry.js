/* The ways to draw a layer. Each is a module of this folder that registers itself under its file's name, which is the word
 * that a layer's declaration uses (`draw`). Python lists the folder and has the page load every module in it
 * (layers/browser_code.py), so a new way is one new file and no line here. */

const drawingClasses = new Map();
const TILED = "tiles"; // how a layer is drawn that the server finds too large to send whole
const TILED_NAMES = "tiled_names"; // how one of names is

/**
 * Register a way of drawing.
 * @param {string} name The word that declarations use; the same as the module's file name.
 * @param {new (atlas: object, layer: object, data: object) => Drawing} DrawingClass Makes a layer's drawing. It has
 *   `draw(isShown, counts)`, which returns how many features are shown; `remove()`; and, where works can be found in it,
 *   `placeOf(id)`, which returns `{at, bounds?}` or nothing, and `near(pointer)`, which returns `[{rows, size}]`, what it draws
 *   under a pixel of the map's frame and how large that is, in pixels. One that fetches what it shows has `comeTo(day)` and `seek(id)`
 *   (tiled/tiles.js).
 */
export function registerDrawing(name, DrawingClass) {
  drawingClasses.set(name, DrawingClass);
}

/**
 * Load the code for what the server finds too large to send whole, where that is what it sent: most maps never need it.
 * @param {{draw: string}} layer The layer's declaration.
 * @param {object} data What the server sent for it.
 */
export async function loadDrawing(layer, data) {
  if (!data?.tiles) return;
  if (layer.draw === "names") await import("./tiled/tiled_names.js");
  else await import("./tiled/tiles.js");
}

function tiledWay({ draw }) {
  return draw === "names" ? TILED_NAMES : TILED;
}

/**
 * Draw a layer.
 * @param {object} atlas The map.
 * @param {{draw: string}} layer The layer's declaration.
 * @param {object} data What the server sent for it.
 * @returns {Drawing} The drawing, on the map.
 * @throws {Error} Where no module registered this way of drawing.
 */
export function makeDrawing(atlas, layer, data) {
  const name = data?.tiles ? tiledWay(layer) : layer.draw;
  const DrawingClass = drawingClasses.get(name);
  if (!DrawingClass) throw new Error(`no drawing "${name}"`);
  return new DrawingClass(atlas, layer, data);
}

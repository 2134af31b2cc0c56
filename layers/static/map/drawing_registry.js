/* The ways to draw a layer. Each is a module of this folder that registers itself under its file's name, which is the word
 * that a layer's declaration uses (`draw`). Python lists the folder and has the page load every module in it
 * (layers/browser_code.py), so a new way is one new file and no line here. */

const drawingClasses = new Map();
const TILED = "tiles"; // how any layer is drawn that the server finds too large to send whole

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
 * @param {object} data What the server sent for a layer.
 */
export async function loadDrawing(data) {
  if (data?.tiles) await import("./tiled/tiles.js");
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
  const name = data?.tiles ? TILED : layer.draw;
  const DrawingClass = drawingClasses.get(name);
  if (!DrawingClass) throw new Error(`no drawing "${name}"`);
  return new DrawingClass(atlas, layer, data);
}

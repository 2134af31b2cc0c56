/* What one vector tile holds, as marks: single features, cells that stand for several, outlines and lines. How many features of a mark pass
 * is worked out from its groups alone. */

/**
 * @typedef {{x: number, y: number, rings: {x: number, y: number}[][] | null, paths: {x: number, y: number}[][] | null, begins: number[],
 *   props: Record<string, any>, members: number[][]}} Mark
 *   Its place in the tile in pixels; outlines have rings; lines have the stretches of them that are near, and how far each begins from the
 *   start of the line; `members` are pairs of a group's position and a number of features.
 */

/**
 * The pairs of group and number of a mark.
 * @param {{g?: number, n?: number, m?: string}} props What the tile says of it: layers/map/tiled/tiles.py.
 * @returns {number[][]} Pairs; an outline that is counted in another tile has the number 0.
 */
export function membersOf({ g, n, m }) {
  if (!m) return [[g, n ?? 1]];
  let group = 0;
  return m.split(" ").map((pair) => {
    const [step, number = 1] = pair.split(":").map(Number);
    group += step;
    return [group, number];
  });
}

/**
 * The marks of a tile.
 * @param {Map<string, {props: object, geom: {x: number, y: number}[][]}[]>} layers The tile (vector_tile.js).
 * @returns {Mark[]} Outlines first, then lines.
 * @throws {Error} Where it is no tile of ours.
 */
export function marksOf(layers) {
  if (!layers.has("points")) throw new Error("no tile");
  const all = (name, about) => (layers.get(name) || []).map(({ props, geom }) => (
    { ...geom[0][0], rings: null, paths: null, begins: [], props, members: membersOf(props), ...about(geom, props) }));
  return [
    ...all("shapes", (rings) => ({ rings })),
    ...all("lines", (paths, { d }) => ({ paths, begins: d.split(" ").map(Number) })),
    ...all("points", () => ({})),
  ];
}

/**
 * How many features of a mark pass.
 * @param {Mark} mark The mark.
 * @param {(object | null)[]} statuses Of each group the status that it is shown with, or null where it does not pass.
 * @returns {number} How many.
 */
export function numberOf({ members }, statuses) {
  return members.reduce((sum, [group, n]) => (statuses[group] ? sum + n : sum), 0);
}

/**
 * The status that most of a mark's features have.
 * @param {Mark} mark The mark.
 * @param {(object | null)[]} statuses As above.
 * @returns {object | null} The status; null where none of them passes.
 */
export function mainStatus({ members }, statuses) {
  const numbers = new Map();
  for (const [group, n] of members) {
    const status = statuses[group];
    if (status) numbers.set(status, (numbers.get(status) || 0) + n);
  }
  return [...numbers].reduce((most, each) => (each[1] > most[1] ? each : most), [null, -1])[0];
}

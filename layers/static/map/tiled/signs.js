/* What stands in a tile, as an element of the page: the signs that small layers have, with their names. */
import { element } from "../../shared/dom.js";
import { bubbleNode, bubbleRadius, totalName, totalOn } from "../drawings/bubbles.js";
import { symbolNode } from "../points/element_points.js";
import { BADGE_PIXELS, badgeNode, sharedName } from "../points/shared_place.js";

const FINGER = 24; // pixels of what can be reached and has no sign

/**
 * @typedef {{marks: import("./marks.js").Mark[], at: L.LatLng, away: number}} Place Marks that stand at one place: one, or works whose place is
 *   not exact; and how many pixels from the middle of the map.
 * @typedef {{node: HTMLElement, size: number, key: string}} Sign An element of a width in pixels; one with another key looks otherwise.
 */

class Unseen {
  node = element("span");
  size = FINGER;
  key = "";
}

function totalSign({ atlas, layer }, row) {
  const total = totalOn(row.quantities, atlas.state.day);
  const radius = bubbleRadius(row, { largest: row.largest, most: layer.style.max_radius });
  return { node: bubbleNode(total, { radius, sign: atlas.glyphOf(row) }), size: 2 * radius, key: `${total.value} ${total.isDone}` };
}

function pointSign({ atlas, layer, statuses }, rows, { marks, isRing }) {
  const all = new Set(marks.map(({ props }) => statuses[props.g]));
  const status = all.size === 1 ? [...all][0] : null;
  const key = `${status?.id} ${rows.length}`;
  if (!isRing) return { node: symbolNode({ atlas, layer }, rows[0], status), size: layer.style.size, key };
  return layer.style.badges === false ? new Unseen() : { node: badgeNode(atlas, rows, status), size: BADGE_PIXELS, key };
}

/**
 * The sign of a place.
 * @param {object} tiles The layer (tiles.js).
 * @param {Place} place The place.
 * @param {boolean} isPlain Whether there are so many places in sight that none has a sign.
 * @returns {Sign} The sign; one that is not seen where there is none.
 */
export function signOf(tiles, { marks }, isPlain) {
  const [mark] = marks;
  const { layer } = tiles;
  if (isPlain || mark.paths) return new Unseen();
  const isTotal = layer.draw === "bubbles";
  if (mark.props.m) {
    const number = tiles.numberOf(mark);
    return isTotal ? { node: element("span", "atlas-badge", String(number)), size: BADGE_PIXELS, key: String(number) } : new Unseen();
  }
  const rows = marks.map((each) => tiles.rowOf(each));
  if (isTotal) return totalSign(tiles, rows[0]);
  return layer.draw === "symbols" ? pointSign(tiles, rows, { marks, isRing: tiles.isVague(mark) }) : new Unseen();
}

/**
 * What is said of a place.
 * @param {object} tiles The layer (tiles.js).
 * @param {Place} place The place.
 * @returns {string} Its name.
 */
export function nameOfPlace(tiles, { marks }) {
  const { text } = tiles.atlas.config;
  return marks.length > 1 ? sharedName(marks.map((mark) => tiles.rowOf(mark)), text) : tiles.nameOf(marks[0]);
}

/**
 * What is said of a total in a tile.
 * @param {object} atlas The map.
 * @param {Record<string, any>} row The total.
 * @returns {string} Its name and number.
 */
export function nameOfTotal(atlas, row) {
  return totalName(row, totalOn(row.quantities, atlas.state.day), atlas.config.text);
}

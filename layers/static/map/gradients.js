/* Soft discs: an approximate place is strong in the middle and fades to its edge. */
import { DRAWINGS } from "../shared/tokens.js";

const SVG = "http://www.w3.org/2000/svg";
const STOPS = [[0, 0.34], [0.55, 0.22], [0.85, 0.09], [1, 0.02]];
const MIXED = { id: "mixed", fill: DRAWINGS.mixed };
const BASE = { id: "base", fill: DRAWINGS.baseline };

/**
 * The fill of a soft disc.
 * @param {string} id Id of a status, "mixed" for works of several, or "base" for what is no work.
 * @returns {string} A value for `fillColor`.
 */
export function softFill(id) {
  return `url(#soft-${id})`;
}

/**
 * Put the fills of soft discs into the page, once.
 * @param {{id: string, fill: string}[]} statuses The declared statuses.
 */
export function addGradients(statuses) {
  if (document.getElementById(`soft-${MIXED.id}`)) return;
  const drawing = svgElement("svg", { width: 0, height: 0, "aria-hidden": true });
  drawing.style.position = "absolute";
  drawing.append(...[...statuses, MIXED, BASE].map(({ id, fill }) => gradient(id, fill)));
  document.body.append(drawing);
}

function gradient(id, fill) {
  const node = svgElement("radialGradient", { id: `soft-${id}` });
  node.append(...STOPS.map(([offset, opacity]) =>
    svgElement("stop", { offset, "stop-color": fill, "stop-opacity": opacity })));
  return node;
}

function svgElement(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, String(value));
  return node;
}

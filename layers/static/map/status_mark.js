import { element } from "../shared/dom.js";

/**
 * The round mark of a status, as the legend and the cards show it.
 * @param {{mark: string, fill: string, ink: string, label: string}} status A declared status.
 * @returns {HTMLElement} The mark.
 */
export function statusMark(status) {
  const mark = element("span", "atlas-status", status.mark);
  mark.style.background = status.fill;
  mark.style.color = status.ink;
  mark.title = status.label;
  return mark;
}

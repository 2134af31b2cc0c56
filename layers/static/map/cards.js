/* The small cards that open on the map. */
import { monthText } from "../shared/days.js";
import { button, element } from "../shared/dom.js";
import { distanceText } from "../shared/numbers.js";
import { statusMark } from "./status_mark.js";

/**
 * What is known of one row: its name, its status on the day or what it is, since when it is open, how sure its place is.
 * @param {Record<string, any>} row A row as rows.js makes it.
 * @param {object | null} status Its declared status on the day; null for what is no work.
 * @param {Record<string, string>} text The map's texts.
 * @returns {HTMLElement} The card.
 */
export function rowCard(row, status, text) {
  const card = element("div", "atlas-card");
  card.append(element("strong", "", row.name));
  if (status) {
    const line = element("div", "atlas-card-line");
    line.append(statusMark(status), element("span", "", status.label));
    card.append(line);
  } else if (row.label) card.append(element("div", "", row.label));
  if (row.opened) card.append(element("div", "", `${text.opened} ${monthText(row.opened)}`));
  if (row.accuracy > 0) card.append(element("div", "atlas-card-line", `${text.accuracy} ${distanceText(row.accuracy, text)}`));
  if (row.source) card.append(element("small", "", `${text.source}：${row.source}`));
  return card;
}

/**
 * The works that share one approximate place, each to be selected.
 * @param {{row: Record<string, any>, status: object}[]} works The works, with their statuses on the day.
 * @param {{accuracy: number, text: Record<string, string>, onOpen: (row: object) => void}} options How sure the place is
 *   in metres, the map's texts, and what a click does.
 * @returns {HTMLElement} The card.
 */
export function sharedPlaceCard(works, { accuracy, text, onOpen }) {
  const summary = `${works.length} ${text.works_here} · ${text.accuracy} ${distanceText(accuracy, text)}`;
  return listCard([element("strong", "", text.works_here_title), element("div", "", summary)], works, onOpen);
}

/**
 * The features that lie under the pointer, each to be opened.
 * @param {{row: Record<string, any>, status: object | null}[]} features The features, the smallest first.
 * @param {{text: Record<string, string>, onOpen: (row: object) => void}} options The map's texts, and what a click does.
 * @returns {HTMLElement} The card.
 */
export function chooserCard(features, { text, onOpen }) {
  return listCard([element("strong", "", text.several_here.replace("{n}", features.length))], features, onOpen);
}

function listCard(heading, features, onOpen) {
  const card = element("div", "atlas-card");
  const list = element("ul", "atlas-list");
  for (const { row, status } of features) {
    const item = element("li");
    if (status) item.append(statusMark(status));
    item.append(button("atlas-link", row.name, () => onOpen(row)));
    if (!status && row.label) item.append(element("small", "", ` ${row.label}`));
    list.append(item);
  }
  card.append(...heading, list);
  return card;
}

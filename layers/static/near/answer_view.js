/* What is near a place, as a part of a page: sentences first, then works by distance. Names reach the page through textContent only. */
import { element, rowHeading } from "../shared/dom.js";
import { Sentences } from "./sentences.js";

/**
 * The answer for people.
 * @param {Record<string, any>} table What near_table gives.
 * @param {Record<string, any>} near What Surroundings.near gives.
 * @param {{map: (row: {lon: number, lat: number, id?: string}) => string}} addresses The map at a place, with the card of a work.
 * @returns {HTMLElement[]} What to show, from top to bottom.
 */
export function answerParts(table, near, addresses) {
  const sentences = new Sentences(table);
  const parts = [element("h2", "", sentences.placeName(near.place))];
  for (const [heading, each] of sentences.sections(near)) {
    const list = element("ul");
    list.append(...each.map((sentence) => element("li", "", sentence)));
    parts.push(element("h3", "", heading), list);
  }
  parts.push(mapLink(sentences, near.place, addresses));
  if (near.works.length) parts.push(worksTable(sentences, near, addresses));
  parts.push(element("p", "quiet", sentences.say("note")));
  return parts;
}

function mapLink(sentences, place, addresses) {
  const line = element("p");
  const link = element("a", "", sentences.say("map"));
  link.href = addresses.map({ lon: place.lon, lat: place.lat });
  line.append(link);
  return line;
}

function worksTable(sentences, near, addresses) {
  const table = element("table", "block");
  table.append(element("caption", "", sentences.say("works_caption")), headRow(sentences));
  for (const { bound } of near.rings) {
    const works = near.works.filter((work) => work.possible === bound);
    if (works.length) table.append(ringBody(sentences, bound, works, { near, addresses }));
  }
  const box = element("div", "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", sentences.say("works_heading"));
  box.append(table);
  return box;
}

function headRow(sentences) {
  const head = element("thead");
  const row = element("tr");
  for (const [name, className] of [["work", ""], ["distance", "right"], ["certain", "right"]]) {
    const cell = element("th", className, sentences.say(name));
    cell.scope = "col";
    row.append(cell);
  }
  head.append(row);
  return head;
}

function ringBody(sentences, bound, works, { near, addresses }) {
  const body = element("tbody");
  const title = element("tr");
  const heading = rowHeading(sentences.say("possibly", { bound: sentences.bound(bound) }));
  heading.scope = "rowgroup";
  heading.colSpan = 3;
  title.append(heading);
  body.append(title, ...works.map((work) => workRow(sentences, work, { near, addresses })));
  return body;
}

function workRow(sentences, work, { near, addresses }) {
  const row = element("tr");
  const { mark, label } = sentences.table.statuses[work.status];
  const [name, distance] = [element("td"), element("td", "right", sentences.length(work.distance))];
  const link = element("a", "", work.name);
  const { lon, lat } = work.lon === null ? near.place : work;
  link.href = addresses.map({ lon, lat, id: work.id });
  name.append(link, element("small", "", `${mark} ${label} · ${work.district}`));
  distance.append(element("small", "", sentences.span(work)));
  const certain = work.certain === null ? sentences.say("not_certain") : sentences.bound(work.certain);
  row.append(name, distance, element("td", "right", certain));
  return row;
}

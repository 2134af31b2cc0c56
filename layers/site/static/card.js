/* The card of one work: the plan's words, what is known, the timeline, the sources, and what is not known. */
import { element } from "../../static/shared/dom.js";
import { numberText } from "../../static/shared/numbers.js";
import { cardAt } from "./history.js";
import { loadTable, tables, text } from "./tables.js";

/**
 * A status with its colour and mark.
 * @param {{id: string, mark: string, label: string}} status A declared status.
 * @returns {HTMLElement} The pill.
 */
export function statusPill(status) {
  return element("span", `status st-${status.id}`, `${status.mark} ${status.label}`);
}

/**
 * Show the card of a work.
 * @param {HTMLElement} box Where it is shown.
 * @param {string} workId The work's id, which may come from a link.
 * @param {number} day The day whose facts it tells.
 * @returns {Promise<void>} Ends when the card, or why there is none, is shown.
 */
export async function showCard(box, workId, day) {
  box.replaceChildren(...await cardNodes(workId, day));
}

async function cardNodes(workId, day) {
  let cards;
  try {
    cards = await loadTable("cards");
  } catch {
    return [element("p", "notice", text("failed"))];
  }
  if (!Object.hasOwn(cards, workId)) return [element("p", "notice", text("no_such_work", { work_id: workId }))];
  return cardParts(cardAt(cards[workId], day), day);
}

function cardParts(card, day) {
  const head = element("div");
  const since = [card.status_date, card.work_id].filter(Boolean).join(" · ");
  head.append(statusPill(tables.core.config.statuses[card.status]), " ", element("span", "quiet", since));
  const parts = [element("h2", "", card.name), head];
  if (card.item) parts.push(...planParts(card.item));
  if (card.count_note) {
    const note = element("p");
    note.append(element("strong", "", text("counted")), card.count_note);
    parts.push(note);
  }
  parts.push(heading("known"), factList(card));
  if (card.parts.length) parts.push(heading("parts"), textList(card.parts));
  parts.push(heading("timeline"), card.events.length ? timeline(card.events, day) : element("p", "quiet", text("no_events")));
  if (card.unknowns.length) parts.push(heading("unknowns"), textList(card.unknowns));
  parts.push(heading("sources"), sourceList(card.sources));
  return parts;
}

function heading(name) {
  return element("h3", "", text(name));
}

function planParts(item) {
  const target = `${text("target")} ${numberText(item.target)} ${item.unit}`;
  const line = [item.plan, text("section", { section: item.section }), target, item.verb].join(" · ");
  return [heading("plan_says"), element("blockquote", "", `“${item.quote}”`), element("div", "quiet", line)];
}

function factList(card) {
  const list = element("dl");
  const quantity = card.quantity ? `${numberText(card.quantity)} ${card.unit}` : "";
  const facts = [["district", card.district || text("nowhere")], ["street", card.street], ["quantity", quantity],
    ["place", card.place], ["outline", card.outline], ["note", card.note]];
  const named = facts.map(([name, fact]) => [text(name), fact]);
  for (const [name, fact] of [...named, ...card.attributes]) if (fact) list.append(element("dt", "", name), element("dd", "", fact));
  return list;
}

function textList(texts) {
  const list = element("ul");
  list.append(...texts.map((each) => element("li", "", each)));
  return list;
}

function timeline(events, day) {
  const list = element("ol", "timeline");
  for (const event of events) {
    const row = element("li", event.confirmed ? "done" : "planned");
    row.append(element("strong", "", event.date), ` ${event.what}${event.day > day ? text("later") : ""}`);
    if (!event.confirmed) row.append(" ", element("span", "chip", text("planned")));
    row.append(element("div", "quiet", [event.reason, event.source].filter(Boolean).join(" · ")));
    if (event.photos.length) row.append(photoList(event.photos));
    list.append(row);
  }
  return list;
}

function photoList(photos) {
  const list = element("ul", "photos");
  for (const photo of photos) {
    const [link, image, row] = [element("a"), element("img"), element("li")];
    const address = (size) => `${document.body.dataset.photos}/${photo.id}-${size}.jpg`;
    [link.href, link.target, image.src, image.alt, image.loading] = [address("large"), "_blank", address("small"), photo.caption, "lazy"];
    link.append(image);
    row.append(link, element("span", "", photo.caption), element("small", "", photo.credit));
    list.append(row);
  }
  return list;
}

function sourceList(sources) {
  const list = element("ul");
  for (const source of sources) {
    const row = element("li");
    row.append(source.url ? sourceLink(source) : source.title);
    row.append(source.by ? ` · ${source.by} ` : " ", element("span", "chip", source.reliability));
    if (source.mirror) row.append(" ", element("span", "quiet", text("mirror")));
    list.append(row);
  }
  return list;
}

function sourceLink(source) {
  const link = element("a", "", source.title);
  link.href = source.url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

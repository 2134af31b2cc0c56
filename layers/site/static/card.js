/* The card of one work: the plan's words, what is known, the timeline, the sources, and what is not known. */
"use strict";

function statusPill(place) {
  const status = TABLES.core.config.statuses[place];
  return el("span", `status st-${status.id}`, `${status.mark} ${status.label}`);
}

/* The card's facts as they were known on a day. */
function cardOn(card, day) {
  const facts = { ...card };
  for (const [at, news] of card.on) {
    if (at > day) break;
    Object.assign(facts, news);
  }
  return facts;
}

async function showCard(box, workId, day) {
  let cards;
  try {
    cards = await loadTable("cards");
  } catch {
    return box.replaceChildren(el("p", "notice", say("failed")));
  }
  if (!Object.hasOwn(cards, workId)) return box.replaceChildren(el("p", "notice", say("no_such_work", { work_id: workId })));
  return box.replaceChildren(...cardParts(cardOn(cards[workId], day), day));
}

function cardParts(card, day) {
  const head = el("div");
  head.append(statusPill(card.status), " ", el("span", "quiet", [card.status_date, card.work_id].filter(Boolean).join(" · ")));
  const parts = [el("h2", "", card.name), head];
  if (card.item) parts.push(...planSays(card.item));
  if (card.count_note) {
    const note = el("p");
    note.append(el("strong", "", say("counted")), card.count_note);
    parts.push(note);
  }
  parts.push(el("h3", "", say("known")), facts(card));
  if (card.parts.length) parts.push(el("h3", "", say("parts")), listOf(card.parts));
  parts.push(el("h3", "", say("timeline")), card.events.length ? timeline(card.events, day) : el("p", "quiet", say("no_events")));
  if (card.unknowns.length) parts.push(el("h3", "", say("unknowns")), listOf(card.unknowns));
  parts.push(el("h3", "", say("sources")), sourceList(card.sources));
  return parts;
}

function planSays(item) {
  const line = [item.plan, say("section", { section: item.section }), `${say("target")} ${number(item.target)} ${item.unit}`, item.verb];
  return [el("h3", "", say("plan_says")), el("blockquote", "", `“${item.quote}”`), el("div", "quiet", line.join(" · "))];
}

function facts(card) {
  const list = el("dl");
  const quantity = card.quantity ? `${number(card.quantity)} ${card.unit}` : "";
  const rows = [["district", card.district || say("nowhere")], ["street", card.street], ["quantity", quantity],
    ["place", card.place], ["note", card.note]];
  for (const [name, text] of rows) if (text) list.append(el("dt", "", say(name)), el("dd", "", text));
  return list;
}

function listOf(texts) {
  const list = el("ul");
  list.append(...texts.map((text) => el("li", "", text)));
  return list;
}

function timeline(events, day) {
  const list = el("ol", "timeline");
  for (const event of events) {
    const row = el("li", event.confirmed ? "done" : "planned");
    row.append(el("strong", "", event.date), ` ${event.what}${event.day > day ? say("later") : ""}`);
    if (!event.confirmed) row.append(" ", el("span", "chip", say("planned")));
    row.append(el("div", "quiet", [event.reason, event.source].filter(Boolean).join(" · ")));
    list.append(row);
  }
  return list;
}

function sourceList(sources) {
  const list = el("ul");
  for (const source of sources) {
    const row = el("li");
    if (source.url) {
      const link = el("a", "", source.title);
      link.href = source.url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      row.append(link);
    } else row.append(source.title);
    row.append(source.by ? ` · ${source.by} ` : " ", el("span", "chip", source.reliability));
    if (source.mirror) row.append(" ", el("span", "quiet", say("mirror")));
    list.append(row);
  }
  return list;
}

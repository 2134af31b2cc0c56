/* The progress map: the app's own map in the page, with search, the plan's items and cards beside it. */
import { button, element, rowHeading } from "../../static/shared/dom.js";
import { dayText } from "../../static/shared/days.js";
import { numberText } from "../../static/shared/numbers.js";
import { showCard } from "./card.js";
import { bindFilters, bindSlider, countsLine } from "./controls.js";
import { addMap } from "./page_map.js";
import { bindSearchField } from "./search_field.js";
import { bindShare } from "./share.js";
import { itemsOn, tables, text } from "./tables.js";
import { FILTER_LISTS, View } from "./view.js";

/* The word of a link for a list of the map's filter. */
const listName = (list) => Object.keys(FILTER_LISTS).find((name) => FILTER_LISTS[name] === list);

/** Start the page. */
export function startHome() {
  const view = new View();
  const atlas = addMap(view, (type, detail) => {
    if (type === "view") view.moveTo(detail.at);
    if (type === "select") view.set({ work: detail.id });
    if (type === "choose") view.set({ [listName(detail.list)]: detail.values });
    if (type === "day") view.set({ day: detail.day });
  });
  bindSlider(view);
  bindFilters(view);
  bindItems(view);
  bindSearch(view, atlas);
  view.onChange(() => atlas.update({ ...view.mapState(), pageHasDay: true }));
  atlas.update({ pageHasDay: true });
  bindPanel(view, atlas);
  bindShare(view, atlas);
}

/* The panel with the card of the work that is selected, and the line that counts works. */
function bindPanel(view, atlas) {
  const panel = document.getElementById("card-panel");
  const card = document.getElementById("card");
  const counts = document.getElementById("counts");
  const show = (state, before) => {
    panel.hidden = !state.work;
    document.body.classList.toggle("has-card", Boolean(state.work));
    counts.textContent = countsLine(view.works());
    const isOtherWork = state.work !== before?.work;
    if (state.work && (isOtherWork || state.day !== before?.day)) showCard(card, state.work, state.day);
    if (state.work && isOtherWork) panel.scrollTop = 0;
  };
  document.getElementById("card-close").addEventListener("click", () => {
    view.set({ work: null });
    atlas.map.closePopup();
    document.getElementById("map").focus();
  });
  view.onChange(show);
  show(view.state, null);
}

/* The four numbers of the plan's items on the day. */
function bindItems(view) {
  const body = document.querySelector("#items tbody");
  const caption = document.querySelector("#items caption");
  const tabs = [...document.querySelectorAll("#item-tabs button")];
  for (const tab of tabs) tab.addEventListener("click", () => view.set({ items: tab.value }));
  const show = (state, before) => {
    if (before && before.day === state.day && before.items === state.items) return;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.value === state.items));
    caption.textContent = text("items_caption", { day: dayText(state.day) });
    const items = itemsOn(state.day).filter((item) => state.items === "all" || item.headline);
    body.replaceChildren(...items.map(itemRow));
  };
  view.onChange(show);
  show(view.state, null);
}

function itemRow(item) {
  const row = element("tr");
  const target = element("td", "", `${numberText(item.target)} `);
  const named = element("td", "", numberText(item.named));
  const promise = element("td");
  row.dataset.item = item.id;
  target.append(element("small", "", item.unit));
  if (item.probable) {
    const probable = element("small", "", ` +${numberText(item.probable)}?`);
    probable.title = text("maybe");
    named.append(probable);
  }
  promise.append(element("b", item.promise, tables.core.text.promises[item.verb][item.promise]));
  const [placed, done] = [item.placed, item.done].map((value) => element("td", "", numberText(value)));
  const heading = rowHeading();
  const address = element("a", "", item.name);
  address.href = `promises/${encodeURIComponent(item.id)}.html`;
  heading.append(address);
  row.append(heading, target, named, placed, done, promise);
  return row;
}

function bindSearch(view, atlas) {
  document.getElementById("q").value = view.state.q;
  bindSearchField({
    day: () => view.state.day,
    item: (answer) => answerNode(answer, view, atlas),
    onQuery: (query) => view.setQuery(query),
  });
}

function answerNode({ kind, row }, view, atlas) {
  const label = [row.name, kind === "facility" ? row.kind : "", row.district].filter(Boolean).join(" · ");
  if (kind === "district") {
    const link = element("a", "found-district", label);
    link.href = `districts/${encodeURIComponent(row.id)}.html`;
    return link;
  }
  const choice = button(`found-${kind}`, label, () => {
    if (kind === "work") view.set({ work: row.id });
    else atlas.update({ focus: { lat: row.lat, lon: row.lon, zoom: kind === "facility" ? 16 : 13 } });
  });
  choice.disabled = kind === "facility" && row.lon === null; // known by name, not by place
  return kind === "work" || choice.disabled ? choice : withNearby(choice, row.id);
}

/* What is near a place has a page of its own. */
function withNearby(choice, id) {
  const line = element("div", "found-place-line");
  const link = element("a", "", text("nearby"));
  link.href = `near.html#near=${encodeURIComponent(id)}`;
  link.setAttribute("aria-label", `${text("nearby")}: ${choice.textContent}`);
  line.append(choice, link);
  return line;
}

/* The table twin of the map: every work that passes the filter, placed or not, to search and sort. */
import { button, element, rowHeading } from "../../static/shared/dom.js";
import { numberText } from "../../static/shared/numbers.js";
import { showCard, statusPill } from "./card.js";
import { bindFilters, bindSlider, countsLine } from "./controls.js";
import { rankWorks } from "./search.js";
import { sortKeys, sortWorks } from "./sorting.js";
import { hasTerms, loadTerms } from "./similar.js";
import { loadTable, tables, text } from "./tables.js";
import { View } from "./view.js";

const COLUMNS = 10;

/** Start the page. */
export function startList() {
  const view = new View();
  bindSlider(view);
  bindFilters(view);
  const fill = bindTable(view);
  bindCard(view);
  const field = document.getElementById("q");
  const bring = () => loadTable("search").then(fill, () => {}); // without it the list stays whole
  field.value = view.state.q;
  field.addEventListener("focus", bring, { once: true });
  if (field.value) bring();
  field.addEventListener("input", () => view.setQuery(field.value));
  document.body.dataset.ready = "1";
}

function bindTable(view) {
  const { config, lang } = tables.core;
  const body = document.querySelector("#works tbody");
  const counts = document.getElementById("counts");
  const keys = sortKeys(config);
  const order = { column: null, isDescending: false };
  const fill = () => {
    const locale = lang === "zh" ? "zh-CN" : "en";
    const works = sortWorks(rankWorks(view.state.q, view.works()), { key: keys[order.column], isDescending: order.isDescending, locale });
    counts.textContent = countsLine(works);
    body.replaceChildren(...(works.length ? works.map((work) => workRow(work, view)) : [emptyRow()]));
    if (!works.length && view.state.q && !hasTerms()) loadTerms().then(fill, () => {});
  };
  for (const head of document.querySelectorAll("#works th button")) {
    head.addEventListener("click", () => {
      order.isDescending = order.column === head.value && !order.isDescending;
      order.column = head.value;
      showOrder(head.parentElement, order.isDescending);
      fill();
    });
  }
  view.onChange((state, before) => {
    const isSameList = Object.keys(state).every((name) => name === "work" || state[name] === before[name]);
    if (!isSameList) fill();
  });
  fill();
  return fill;
}

function showOrder(head, isDescending) {
  for (const other of document.querySelectorAll("#works th")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
}

function bindCard(view) {
  const dialog = document.getElementById("card-dialog");
  const card = document.getElementById("card");
  const show = (state, before) => {
    if (state.work && (state.work !== before?.work || state.day !== before?.day)) showCard(card, state.work, state.day);
    if (state.work && !dialog.open) dialog.showModal();
  };
  dialog.addEventListener("close", () => view.set({ work: null }));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.getElementById("card-close").addEventListener("click", () => dialog.close());
  view.onChange(show);
  show(view.state, null);
}

function emptyRow() {
  const row = element("tr");
  const cell = element("td", "quiet", text("nothing"));
  cell.colSpan = COLUMNS;
  row.append(cell);
  return row;
}

function workRow(work, view) {
  const row = element("tr");
  const name = rowHeading();
  row.dataset.work = work.id;
  name.append(button("plain-link", work.name, () => view.set({ work: work.id })));
  row.append(name, ...workCells(work));
  return row;
}

function textCell(content, className = "") {
  return element("td", className, content);
}

function workCells(work) {
  const { categories, certainties } = tables.core.config;
  const status = element("td");
  status.append(statusPill(work.status));
  const certainty = certainties.find((each) => each.id === work.certainty);
  return [
    textCell(categories[work.category]?.label || work.category || ""),
    textCell(work.district),
    status,
    textCell(work.since),
    textCell(certainty?.label || ""),
    textCell(work.accuracy === null ? "" : numberText(work.accuracy), "right"),
    textCell(work.year),
    textCell(work.item),
    textCell(work.id),
  ];
}

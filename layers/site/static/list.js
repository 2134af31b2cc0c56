/* The table twin of the map: every work that passes the filter, placed or not, to search and sort. */
"use strict";

function cells(row) {
  const { config } = TABLES.core;
  return [config.categories[row.cat]?.label || row.cat, row.district, null, row.since, config.certainties[row.cert].label,
    row.acc === null ? "" : number(row.acc), row.year, row.item, row.id];
}

/* What a column is sorted by: numbers as numbers, texts as the language has them. */
const SORTS = {
  name: (row) => row.name, category: (row) => TABLES.core.config.categories[row.cat]?.label || row.cat, district: (row) => row.district,
  status: (row) => row.status, since: (row) => row.since, certainty: (row) => row.cert, accuracy: (row) => row.acc ?? Infinity,
  year: (row) => row.year, item: (row) => row.item, id: (row) => row.id,
};

function sorted(rows, { column, down }) {
  if (!column) return rows;
  const words = new Intl.Collator(TABLES.core.lang === "zh" ? "zh-CN" : "en", { numeric: true });
  const key = SORTS[column];
  const order = (a, b) => {
    const [x, y] = [key(a), key(b)];
    return typeof x === "number" ? (x === y ? 0 : x - y) : words.compare(x, y);
  };
  return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
}

function startList() {
  const view = new View();
  const body = document.querySelector("#works tbody");
  const counts = document.getElementById("counts");
  const field = document.getElementById("q");
  const dialog = document.getElementById("card-dialog");
  const card = document.getElementById("card");
  const order = { column: null, down: false };
  bindSlider(view);
  bindFilters(view);
  const show = (state, before) => {
    const same = before && Object.keys(state).every((name) => name === "work" || state[name] === before[name]);
    if (!same) fill();
    if (state.work && (state.work !== before?.work || state.day !== before?.day)) showCard(card, state.work, state.day);
    if (state.work && !dialog.open) dialog.showModal();
  };
  const fill = () => {
    const rows = sorted(rankWorks(view.state.q, view.selected()), order);
    counts.textContent = countsLine("counts", rows);
    body.replaceChildren(...(rows.length ? rows.map((row) => listRow(row, view)) : [emptyRow()]));
  };
  for (const head of document.querySelectorAll("#works th button")) {
    head.onclick = () => {
      order.down = order.column === head.value && !order.down;
      order.column = head.value;
      for (const other of document.querySelectorAll("#works th")) other.removeAttribute("aria-sort");
      head.parentElement.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      fill();
    };
  }
  field.value = view.state.q;
  field.addEventListener("input", () => view.set({ q: field.value.trim().slice(0, 60) }));
  dialog.addEventListener("close", () => view.set({ work: null }));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.getElementById("card-close").onclick = () => dialog.close();
  view.onChange(show);
  show(view.state, null);
  document.body.dataset.ready = "1";
}

function emptyRow() {
  const row = el("tr");
  const cell = el("td", "quiet", say("nothing"));
  cell.colSpan = 10;
  row.append(cell);
  return row;
}

function listRow(row, view) {
  const line = el("tr");
  line.dataset.work = row.id;
  const name = el("th");
  name.scope = "row";
  const button = el("button", "plain-link", row.name);
  button.type = "button";
  button.onclick = () => view.set({ work: row.id });
  name.append(button);
  line.append(name, ...cells(row).map((text) => (text === null ? el("td") : el("td", "", text))));
  line.children[3].append(statusPill(row.status));
  line.children[6].className = "right";
  return line;
}

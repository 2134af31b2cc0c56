/* Tables that scripts of data/ hand over: they load from a folder too, where fetch() may not. A table's rows of a day are
 * those of the first day with every later change up to that day; nothing is counted here. */
"use strict";

const TABLES = {};

function atlasTable(name, text) {
  TABLES[name] = JSON.parse(text);
}

const dayIso = (n) => `${isoDay(n)}-${String(n % 100).padStart(2, "0")}`;
const dayNumber = (iso) => Number(iso.replaceAll("-", ""));

/* `first` holds a list a row; a change gives the day, the row's place and its new list. */
function rowsAt(table, day) {
  const rows = [...table.first];
  for (const [at, place, values] of table.changes) {
    if (at > day) break;
    rows[place] = values;
  }
  return rows;
}

let worksDay = null;
let worksRows = [];

/* Every work as it was known on a day. */
function worksOn(day) {
  if (day === worksDay) return worksRows;
  const { fields, first, changes } = TABLES.core.works;
  worksRows = first.map((values) => Object.fromEntries(fields.map((name, i) => [name, values[i]])));
  for (const [at, place, news] of changes) {
    if (at > day) break;
    Object.assign(worksRows[place], news);
  }
  worksDay = day;
  return worksRows;
}

/* The plan's items with their four numbers on a day, as progress(by="item") has them. */
function itemsOn(day) {
  const { rows } = TABLES.core.items;
  return rowsAt(TABLES.core.items, day).map(([named, placed, done, probable, promise], i) =>
    ({ ...rows[i], named, placed, done, probable, promise }));
}

/* The districts' numbers of works on a day, as progress(by="district") has them. */
function districtsOn(day) {
  const { rows } = TABLES.core.districts;
  return rowsAt(TABLES.core.districts, day).map(([named, placed, done, unplaced], i) =>
    ({ ...rows[i], named, placed, done, unplaced }));
}

const loading = new Map();

/* A table that only some visitors need: its script is added when it is first asked for. */
function loadTable(name) {
  if (TABLES[name]) return Promise.resolve(TABLES[name]);
  if (!loading.has(name)) {
    loading.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = document.body.dataset[name];
      script.onload = () => done(TABLES[name]);
      script.onerror = () => {
        loading.delete(name);
        failed(new Error(name));
      };
      document.head.append(script);
    }));
  }
  return loading.get(name);
}

/* A text of the page's language with its fields filled. */
function say(name, values = {}) {
  return TABLES.core.text[name].replace(/\{(\w+)\}/g, (whole, field) => (field in values ? String(values[field]) : whole));
}

const figure = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const number = (value) => (value === null ? "—" : figure.format(value));

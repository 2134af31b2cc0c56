/* Tables that scripts of data/ hand over: they load from a folder too, where fetch() may not. Nothing is counted here. */
import { plainRow } from "../../static/map/rows.js";
import { WorkFilter } from "../../static/map/filter.js";
import { rowsAt, worksAt } from "./history.js";

/** The tables that have arrived, by name; "core" is there before the page starts. */
export const tables = {};

window.atlasTable = (name, json) => {
  tables[name] = JSON.parse(json);
};

const worksByDay = { day: null, works: [] };

/**
 * Every work as it was known on a day.
 * @param {number} day Such as 20211231.
 * @returns {Record<string, any>[]} Works with plain names; `status` is the declared status.
 */
export function worksOn(day) {
  const { config, works } = tables.core;
  if (day !== worksByDay.day) {
    worksByDay.works = worksAt(works, day).map((work) => ({ ...plainRow(work, config), status: config.statuses[work.status] }));
    worksByDay.day = day;
  }
  return worksByDay.works;
}

/**
 * The works that pass a filter on a day.
 * @param {number} day Such as 20211231.
 * @param {object} choice What WorkFilter takes.
 * @returns {Record<string, any>[]} Works as worksOn gives them.
 */
export function filteredWorks(day, choice) {
  const filter = new WorkFilter(choice, tables.core.config.scopes);
  return worksOn(day).filter((work) => filter.passes(work, work.status.id));
}

/**
 * The plan's items with their four numbers on a day, as progress(by="item") has them.
 * @param {number} day Such as 20211231.
 * @returns {Record<string, any>[]} One row for each item.
 */
export function itemsOn(day) {
  const { items } = tables.core;
  return rowsAt(items, day).map(([named, placed, done, probable, promise], i) =>
    ({ ...items.rows[i], named, placed, done, probable, promise }));
}

/**
 * The districts' numbers of works on a day, as progress(by="district") has them.
 * @param {number} day Such as 20211231.
 * @returns {Record<string, any>[]} One row for each district, and one without id for what belongs to none.
 */
export function districtsOn(day) {
  const { districts } = tables.core;
  return rowsAt(districts, day).map(([named, placed, done, unplaced], i) =>
    ({ ...districts.rows[i], named, placed, done, unplaced }));
}

const loading = new Map();

/**
 * A table that only some visitors need: its script is added when it is first asked for.
 * @param {string} name Its name; `data-<name>` of the page's body says where it is.
 * @returns {Promise<any>} The table; an Error where its script does not load.
 */
export function loadTable(name) {
  return tables[name] ? Promise.resolve(tables[name]) : loadScript(name).then(() => tables[name]);
}

/**
 * A script that only some visitors need: it is added when it is first asked for.
 * @param {string} name Its name; `data-<name>` of the page's body says where it is.
 * @returns {Promise<void>} Ends when it has run; an Error where it does not load.
 */
export function loadScript(name) {
  if (!loading.has(name)) loading.set(name, addScript(name));
  return loading.get(name);
}

function addScript(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset[name];
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      loading.delete(name);
      reject(new Error(name));
    });
    document.head.append(script);
  });
}

/**
 * A text of the page's language with its fields filled.
 * @param {string} name Its name in layers/site/texts.py, or on the page of what is near in layers/site/near.py.
 * @param {Record<string, any>} [values] What stands for `{field}`.
 * @returns {string} The text.
 */
export function text(name, values = {}) {
  return (tables.core || tables.near).text[name].replace(/\{(\w+)\}/g, (whole, field) => (Object.hasOwn(values, field) ? String(values[field]) : whole));
}

/* The widgets that the map and the list share: day, filters, layers. They are in the page; here they meet the view. */
import { dayText, shortDayText } from "../../static/shared/days.js";
import { text } from "./tables.js";

/**
 * Join the day slider and its two buttons to a view.
 * @param {import("./view.js").View} view The view.
 */
export function bindSlider(view) {
  const slider = document.getElementById("day");
  const output = document.getElementById("day-label");
  const { days } = view;
  slider.max = String(days.length - 1);
  const show = (day) => {
    slider.value = String(days.indexOf(day));
    slider.setAttribute("aria-valuetext", dayText(day));
    output.textContent = shortDayText(day);
  };
  const goTo = (position) => {
    const day = days[Math.min(Math.max(position, 0), days.length - 1)];
    if (day !== view.state.day) view.set({ day });
  };
  slider.addEventListener("input", () => goTo(Number(slider.value)));
  document.getElementById("day-back").addEventListener("click", () => goTo(days.indexOf(view.state.day) - 1));
  document.getElementById("day-on").addEventListener("click", () => goTo(days.indexOf(view.state.day) + 1));
  view.onChange((state) => show(state.day));
  show(view.state.day);
}

/**
 * Join the filters to a view.
 * @param {import("./view.js").View} view The view.
 */
export function bindFilters(view) {
  const box = document.getElementById("filters");
  const line = document.getElementById("filters-on");
  const fields = [...box.querySelectorAll("input, select")];
  const show = (state) => {
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = state[field.name].includes(field.value);
      else field.value = state[field.name];
    }
    line.querySelector("span").textContent = text("filters", { filters: chosenLabels(fields).join(" · ") });
    line.hidden = !view.filterSize;
  };
  box.addEventListener("change", () => view.set(fieldValues(fields)));
  line.querySelector("button").addEventListener("click", () => view.clearFilter());
  view.onChange(show);
  show(view.state);
}

/* The filters that are on, as their labels say them; layers and colours of the map are none. */
function chosenLabels(fields) {
  const [scope, ...others] = fields.filter(({ name }) => !["layers", "shade"].includes(name));
  const boxes = others.filter(({ checked }) => checked).map((field) => field.closest("label").textContent.trim());
  return scope.selectedIndex > 0 ? [scope.selectedOptions[0].textContent, ...boxes] : boxes;
}

/* Boxes of one name are a list. */
function fieldValues(fields) {
  const values = {};
  for (const field of fields) {
    if (field.type !== "checkbox") values[field.name] = field.value;
    else values[field.name] = (values[field.name] || []).concat(field.checked ? field.value : []);
  }
  return values;
}

/**
 * How many works there are; announced to screen readers by the page.
 * @param {{row: number, placed: number, done: number}[]} rows Rows of the register; `row` is 0 for a work, 1 for a part of one, 2 for a total.
 * @returns {string} The sentence of geo.register.work_counts.
 */
export function countsLine(rows) {
  const works = rows.filter(({ row }) => row === 0);
  const [placed, done] = ["placed", "done"].map((name) => works.filter((work) => work[name]).length);
  const totals = rows.filter(({ row }) => row === 2).length;
  return text("counts", { works: works.length, placed, unplaced: works.length - placed, done, parts: rows.length - works.length - totals, totals });
}

/* The search field of a page and the list of what it finds. */
import { element } from "../../static/shared/dom.js";
import { searchAll } from "./search.js";
import { hasTerms, loadTerms } from "./similar.js";
import { loadTable, tables, text } from "./tables.js";

const COORDINATES = /^\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*$/;

/**
 * Longitude and latitude that were typed instead of a name.
 * @param {string} query What a visitor typed.
 * @returns {number[] | null} WGS84 degrees; null for anything else.
 */
export function typedCoordinates(query) {
  const numbers = COORDINATES.exec(query);
  return numbers && [Number(numbers[1]), Number(numbers[2])];
}

/**
 * Join field `q` and list `found` of the page to the search. What is compared comes when somebody begins to search.
 * @param {{day: () => number, limit?: number, item: (answer: object) => HTMLElement, offer?: (query: string) => HTMLElement[],
 *   onQuery?: (query: string) => void}} page The day whose facilities are searched, how many answers at most, what each answer is in the
 *   list, what stands before the answers, and who hears what is typed.
 * @returns {() => void} Shows the list anew.
 */
export function bindSearchField({ day, limit, item, offer = () => [], onQuery = () => {} }) {
  const field = document.getElementById("q");
  const list = document.getElementById("found");
  const fill = (...nodes) => {
    list.replaceChildren(...nodes.map((node) => listItem(node)));
    list.hidden = !list.childElementCount;
  };
  let isAwaited = false; // Enter was pressed before there were answers
  const choose = () => {
    const first = list.querySelector("button:enabled, a");
    isAwaited = !first;
    first?.click();
  };
  const show = () => {
    const query = field.value.trim();
    const { answers, isSimilar } = searchAll(query, day(), limit);
    const note = isSimilar ? [text("similar", { query })] : [];
    // whoever calls, now or when a table has come: what is offered for this query is in the list
    fill(...offer(query), ...note, ...answers.map((answer) => item(answer)));
    if (isAwaited && list.querySelector("button:enabled, a")) choose();
    if (!query || answers.length || !tables.search || typedCoordinates(query)) return;
    if (hasTerms()) fill(text("not_found", { query }));
    else loadTerms().then(show, () => query === field.value.trim() && fill(text("not_found", { query })));
  };
  let coming = null; // whoever was in the field before this script came types without another focus
  const bring = () => {
    coming ??= loadTable("search").then(show, () => {
      coming = null;
      fill(text("failed"));
    });
  };
  field.addEventListener("focus", bring);
  if (field.value) bring();
  field.addEventListener("input", () => {
    isAwaited = false;
    bring();
    onQuery(field.value);
    show();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose();
  });
  show();
  return show;
}

/* A text is a line of its own, anything else stands as it is. */
function listItem(node) {
  const item = element("li", typeof node === "string" ? "quiet" : "");
  item.append(node);
  return item;
}

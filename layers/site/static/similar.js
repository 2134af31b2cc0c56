/* Names that are written almost as a query is, as geo.register.similar has them; the letters that differ are counted by the index of MiniSearch. */
import { forms, spaced } from "./synonyms.js";
import { loadScript, loadTable, tables } from "./tables.js";

const MOST_EDITS = 2;
const indexes = new Map();

/**
 * Bring what a query is compared with that is written like no name.
 * @returns {Promise<unknown>} Ends when it has come; an Error where it does not load.
 */
export function loadTerms() {
  return Promise.all([loadTable("terms"), loadScript("minisearch")]);
}

/** @returns {boolean} Whether that has come. */
export function hasTerms() {
  return Boolean(tables.terms && window.MiniSearch);
}

function indexOf(list) {
  if (!indexes.has(list)) {
    const index = new window.MiniSearch(); // the package's SearchableMap: its script names it so
    for (const term of tables.terms[list]) index.set(term, term);
    indexes.set(list, index);
  }
  return indexes.get(list);
}

/* How many letters of a word may be wrong. */
function editsOf(word) {
  const { han, latin } = tables.terms.edits;
  const bounds = /[\u3400-\u9fff]/.test(word) ? han : latin;
  return bounds.find(([least]) => word.length >= least)?.[1] || 0;
}

function within(word, lists, edits) {
  if (edits > editsOf(word)) return [];
  return lists.flatMap((list) => [...indexOf(list).fuzzyGet(word, edits).keys()]);
}

/**
 * What a text may have meant, in steps: first with one wrong letter, then with two.
 * @param {string} text What was typed.
 * @param {string[]} lists Names of the lists of terms to compare with.
 * @param {[string, string][]} meanings Of the table "search": its synonyms.
 * @yields {string[]} Forms to search for; none where no term is so near.
 */
export function* similarQueries(text, lists, meanings) {
  const plain = spaced(text);
  const parts = plain.split(" ");
  for (let edits = 1; edits <= MOST_EDITS; edits += 1) {
    const queries = within(plain.replaceAll(" ", ""), lists, edits);
    if (parts.length > 1) {
      parts.forEach((part, place) => {
        for (const term of within(part, lists, edits)) queries.push(parts.with(place, term).join(" "));
      });
    }
    yield [...new Set(queries.flatMap((query) => forms(query, meanings)))];
  }
}

/* Search over names, streets, pinyin, initials, ids and kinds: geo.register.search on keys that were folded when the site was made. */
import { hasTerms, similarQueries } from "./similar.js";
import { forms } from "./synonyms.js";
import { tables } from "./tables.js";

const LONGEST_QUERY = 100;
const SHOWN = 8;
const fold = (text) => text.toLowerCase().replaceAll(" ", "");

function withoutSuffix(name, suffixes) {
  const suffix = suffixes.find((each) => name.endsWith(each) && [...name].length > [...each].length + 1);
  return suffix ? name.slice(0, -suffix.length) : name;
}

function matchScore(text, wanted) {
  if (text === wanted) return 1;
  if (text.startsWith(wanted)) return 0.85;
  return text.includes(wanted) ? 0.6 : 0;
}

/**
 * How well each row answers a query.
 * @param {string} query What a visitor typed.
 * @param {string[][]} keys Columns of folded texts in falling order of weight.
 * @param {string[]} suffixes Endings of names that may be left out.
 * @returns {number[]} For each row: 0 not at all, 1 exactly.
 */
export function rankScores(query, keys, suffixes) {
  const wanted = fold(query);
  const scores = keys[0].map(() => 0);
  if (!wanted) return scores;
  const written = [[wanted, 1], [withoutSuffix(wanted, suffixes), 0.9]];
  keys.forEach((texts, position) => {
    const weight = 1 - 0.08 * position;
    texts.forEach((text, i) => {
      for (const [form, factor] of written) scores[i] = Math.max(scores[i], matchScore(text, form) * weight * factor);
    });
  });
  return scores;
}

/* How well each row answers the query that it answers best. */
function bestScores(queries, keys, suffixes) {
  const each = queries.map((query) => rankScores(query, keys, suffixes));
  return keys[0].map((_text, i) => Math.max(0, ...each.map((scores) => scores[i])));
}

const bestFirst = (answers) => answers.filter((one) => one.score > 0).sort((a, b) => b.score - a.score);

/* The first answers of a search for what was typed, then for what is written almost so, as far as names have come for that. */
function firstAnswers(query, lists, answersTo) {
  const meanings = tables.search.synonyms;
  const answers = answersTo(forms(query, meanings));
  if (answers.length || !hasTerms()) return { answers, isSimilar: false };
  for (const queries of similarQueries(query, lists, meanings)) {
    const similar = queries.length ? answersTo(queries) : [];
    if (similar.length) return { answers: similar, isSimilar: true };
  }
  return { answers, isSimilar: false };
}

const cut = (query) => query.trim().slice(0, LONGEST_QUERY);

/**
 * Works that answer a query, as geo.register.search.rank_works has them.
 * @param {string} query What a visitor typed.
 * @param {Record<string, any>[]} works Works to search in.
 * @returns {Record<string, any>[]} Those that answer, best first; all in their order where the query is empty or its table has not come.
 */
export function rankWorks(query, works) {
  const wanted = cut(query);
  if (!wanted || !tables.search) return works;
  const { works: { columns, keys }, suffixes } = tables.search;
  return firstAnswers(wanted, ["register"], (queries) => {
    const scores = bestScores(queries, keys, suffixes);
    const scoreById = new Map(columns.id.map((id, i) => [id, scores[i]]));
    return bestFirst(works.map((row) => ({ row, score: scoreById.get(row.id) || 0 })));
  }).answers.map((answer) => answer.row);
}

function answersOf(kind, table, scores) {
  const names = Object.keys(table.columns);
  const rowOf = (i) => Object.fromEntries(names.map((name) => [name, table.columns[name][i]]));
  return bestFirst(scores.map((score, i) => ({ kind, i, score }))).map(({ i, score }) => ({ kind, row: rowOf(i), score }));
}

/**
 * Districts, works, facilities and places that best answer a query, as geo.register.search.search has them; none before the table
 * "search" has come.
 * @param {string} query What a visitor typed.
 * @param {number} day The day on which facilities must stand.
 * @param {number} [limit] How many answers at most.
 * @returns {{answers: {kind: string, row: object, score: number}[], isSimilar: boolean}} Best first; `kind` is "district", "work",
 *   "facility" or "place". `isSimilar`: nothing is written as the query is, and these are written almost so.
 */
export function searchAll(query, day, limit = SHOWN) {
  const wanted = cut(query);
  if (!wanted || !tables.search) return { answers: [], isSimilar: false };
  const { districts, works, facilities, places, suffixes } = tables.search;
  const stands = ({ row }) => row.opened <= day && !(row.closed && row.closed <= day);
  return firstAnswers(wanted, ["register", "places"], (queries) => {
    const answersIn = (kind, table) => answersOf(kind, table, bestScores(queries, table.keys, suffixes));
    const standing = answersIn("facility", facilities).filter(stands);
    const all = [...answersIn("district", districts), ...answersIn("work", works), ...standing, ...answersIn("place", places).slice(0, limit)];
    return bestFirst(all).slice(0, limit);
  });
}

/* Search over names, streets, pinyin, initials and ids: geo.places.pinyin.rank on keys that were folded when the site was made. */
import { tables, worksOn } from "./tables.js";

const LONGEST_QUERY = 100;
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
  const forms = [[wanted, 1], [withoutSuffix(wanted, suffixes), 0.9]];
  keys.forEach((texts, position) => {
    const weight = 1 - 0.08 * position;
    texts.forEach((text, i) => {
      for (const [form, factor] of forms) scores[i] = Math.max(scores[i], matchScore(text, form) * weight * factor);
    });
  });
  return scores;
}

const bestFirst = (answers) => answers.filter((one) => one.score > 0).sort((a, b) => b.score - a.score);

/**
 * Works that answer a query.
 * @param {string} query What a visitor typed.
 * @param {Record<string, any>[]} works Works to search in.
 * @returns {Record<string, any>[]} Those that answer, best first; all in their order where the query is empty.
 */
export function rankWorks(query, works) {
  const wanted = query.trim().slice(0, LONGEST_QUERY);
  if (!wanted) return works;
  const { works: { ids, keys }, suffixes } = tables.core.search;
  const scores = rankScores(wanted, keys, suffixes);
  const scoreById = new Map(ids.map((id, i) => [id, scores[i]]));
  return bestFirst(works.map((row) => ({ row, score: scoreById.get(row.id) || 0 }))).map((answer) => answer.row);
}

/* Facilities that stand on a day, once their table has come; none before. */
function facilityAnswers(wanted, day, suffixes) {
  if (!tables.facilities) return [];
  const { columns, keys } = tables.facilities;
  const names = Object.keys(columns);
  return bestFirst(rankScores(wanted, keys, suffixes).map((score, i) => ({ kind: "facility", i, score })))
    .filter(({ i }) => columns.opened[i] <= day && !(columns.closed[i] && columns.closed[i] <= day))
    .map(({ kind, i, score }) => ({ kind, row: Object.fromEntries(names.map((name) => [name, columns[name][i]])), score }));
}

/**
 * Works, facilities and places that best answer a query, as geo.register.search.search has them.
 * @param {string} query What a visitor typed.
 * @param {number} day The day whose works are searched.
 * @param {number} [limit] How many answers at most.
 * @returns {{kind: string, row: object, score: number}[]} Best first; `kind` is "work", "facility" or "place".
 */
export function searchAll(query, day, limit = 8) {
  const wanted = query.trim().slice(0, LONGEST_QUERY);
  const { works, places, suffixes } = tables.core.search;
  const workById = new Map(worksOn(day).map((work) => [work.id, work]));
  const workAnswers = bestFirst(rankScores(wanted, works.keys, suffixes)
    .map((score, i) => ({ kind: "work", row: workById.get(works.ids[i]), score })));
  const placeAnswers = bestFirst(rankScores(wanted, places.keys, suffixes)
    .map((score, i) => ({ kind: "place", row: places.rows[i], score })));
  const standing = facilityAnswers(wanted, day, suffixes);
  return bestFirst([...workAnswers, ...standing, ...placeAnswers.slice(0, limit)]).slice(0, limit);
}

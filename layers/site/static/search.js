/* Search over names, streets, pinyin, initials and ids: geo.places.pinyin.rank on keys that were folded when the site was made. */
"use strict";

const fold = (text) => text.toLowerCase().replaceAll(" ", "");

function bareName(name) {
  for (const suffix of TABLES.core.search.suffixes) {
    if (name.endsWith(suffix) && [...name].length > [...suffix].length + 1) return name.slice(0, -suffix.length);
  }
  return name;
}

/* Scores of all rows: 0 not at all, 1 exactly. `keys` are columns in falling order of weight. */
function rank(query, keys) {
  const wanted = fold(query);
  const scores = new Array(keys[0].length).fill(0);
  if (!wanted) return scores;
  const words = [[wanted, 1.0], [bareName(wanted), 0.9]];
  keys.forEach((texts, position) => {
    const weight = 1.0 - 0.08 * position;
    texts.forEach((text, i) => {
      for (const [word, factor] of words) {
        const match = text === word ? 1.0 : text.startsWith(word) ? 0.85 : text.includes(word) ? 0.6 : 0;
        scores[i] = Math.max(scores[i], match * weight * factor);
      }
    });
  });
  return scores;
}

const best = (found) => found.filter((one) => one.score > 0).sort((a, b) => b.score - a.score);

/* Rows of works that answer the query, best first; the given rows in their order when it is empty. */
function rankWorks(query, rows) {
  if (!query.trim()) return rows;
  const { ids, keys } = TABLES.core.search.works;
  const scores = rank(query.trim().slice(0, 100), keys);
  const place = new Map(ids.map((id, i) => [id, i]));
  return best(rows.map((row) => ({ row, score: scores[place.get(row.id)] || 0 }))).map((one) => one.row);
}

/* Works and places that best answer, as geo.register.search.search has them. */
function searchAll(query, day, limit = 8) {
  const text = query.trim().slice(0, 100);
  const { works, places } = TABLES.core.search;
  const rows = worksOn(day);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = best(rank(text, works.keys).map((score, i) => ({ kind: "work", row: byId.get(works.ids[i]), score })));
  const towns = best(rank(text, places.keys).map((score, i) => ({ kind: "place", row: places.rows[i], score })));
  return best([...found, ...towns.slice(0, limit)]).slice(0, limit);
}

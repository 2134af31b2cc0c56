/* The order of the list: numbers as numbers, texts as the language has them. */

const UNKNOWN_LAST = Infinity;

/**
 * What each column is sorted by.
 * @param {object} config The declarations: labels of categories, order of statuses and certainties.
 * @returns {Record<string, (work: object) => string | number>} A function for each column.
 */
export function sortKeys(config) {
  const certaintyPlaces = new Map(config.certainties.map((certainty, place) => [certainty.id, place]));
  return {
    name: (work) => work.name,
    category: (work) => config.categories[work.category]?.label || work.category || "",
    district: (work) => work.district,
    status: (work) => config.statuses.indexOf(work.status),
    since: (work) => work.since,
    certainty: (work) => certaintyPlaces.get(work.certainty) ?? UNKNOWN_LAST,
    accuracy: (work) => work.accuracy ?? UNKNOWN_LAST,
    year: (work) => work.year,
    item: (work) => work.item,
    id: (work) => work.id,
  };
}

/**
 * Works in the order of a column; works that are alike stay in their order.
 * @param {object[]} works The works.
 * @param {{key: ((work: object) => string | number) | undefined, isDescending: boolean, locale: string}} order What to sort
 *   by (nothing leaves them as they are), the direction, and a BCP 47 tag for the order of texts.
 * @returns {object[]} The same works.
 */
export function sortWorks(works, { key, isDescending, locale }) {
  if (!key) return works;
  const texts = new Intl.Collator(locale, { numeric: true });
  const compare = (one, other) => {
    const [x, y] = [key(one), key(other)];
    if (typeof x !== "number") return texts.compare(x, y);
    return x === y ? 0 : x - y;
  };
  return [...works].sort((a, b) => (isDescending ? compare(b, a) : compare(a, b)));
}

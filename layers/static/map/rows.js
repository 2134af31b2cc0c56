/* What the server sends for a layer, as rows: words instead of positions, lists instead of joined texts. */

/**
 * Status of a work on a day, as a position in the list of statuses: the last pair of its history that is not after the day.
 * @param {number[]} history Pairs of day and status, the earliest first.
 * @param {number} day Such as 20211231.
 * @param {number} unknown The position that stands for "unknown".
 * @returns {number} A position in the list of statuses.
 */
export function statusOn(history, day, unknown) {
  let status = unknown;
  for (let i = 0; i < history.length; i += 2) {
    if (history[i] > day) break;
    status = history[i + 1];
  }
  return status;
}

/**
 * One row as the map reads it. Only works have `history`; what is no work may have `opened` and `closed`, day numbers.
 * @param {Record<string, any>} sent The fields as layers/map/payload.py writes them.
 * @param {{certainties: {id: string}[], counted: string[]}} vocabulary The words that positions stand for.
 * @returns {Record<string, any>} The same row; null or an empty list for what is not known.
 */
export function plainRow(sent, vocabulary) {
  return {
    ...sent,
    category: sent.category || null,
    districts: sent.districts ? sent.districts.split("|") : [],
    accuracy: sent.accuracy ?? null,
    certainty: vocabulary.certainties[sent.certainty]?.id ?? null,
    counted: vocabulary.counted[sent.counted] ?? null,
    counts: sent.counts ?? -1,
    history: sent.history ?? null,
    opened: sent.opened ?? 0,
    closed: sent.closed ?? 0,
    quantities: sent.quantities ?? [],
  };
}

/**
 * Rows from a table that is sent by column.
 * @param {Record<string, any[]>} columns Lists of one length; `id` is one of them.
 * @param {{certainties: {id: string}[], counted: string[]}} vocabulary The words that positions stand for.
 * @returns {Record<string, any>[]} One row for each id, as plainRow makes it.
 */
export function rowsFromColumns(columns, vocabulary) {
  const names = Object.keys(columns);
  return columns.id.map((_id, i) => plainRow(Object.fromEntries(names.map((name) => [name, columns[name][i]])), vocabulary));
}

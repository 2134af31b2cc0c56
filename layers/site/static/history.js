/* Tables that change with the day: rows of a day are those of the first day with every later change up to that day. */

/**
 * Rows of a table on a day.
 * @param {{first: any[][], changes: any[][]}} table A list for each row; a change gives the day, the row's position and its
 *   new list.
 * @param {number} day Such as 20211231.
 * @returns {any[][]} The lists on that day.
 */
export function rowsAt(table, day) {
  const rows = [...table.first];
  for (const [at, position, values] of table.changes) {
    if (at > day) break;
    rows[position] = values;
  }
  return rows;
}

/**
 * Works of a table on a day.
 * @param {{fields: string[], first: any[][], changes: any[][]}} table A list for each work, in the order of `fields`; a
 *   change gives the day, the work's position and its new fields by name.
 * @param {number} day Such as 20211231.
 * @returns {Record<string, any>[]} The works on that day, by field.
 */
export function worksAt(table, day) {
  const works = table.first.map((values) => Object.fromEntries(table.fields.map((name, i) => [name, values[i]])));
  for (const [at, position, news] of table.changes) {
    if (at > day) break;
    Object.assign(works[position], news);
  }
  return works;
}

/**
 * The card of a work as it was known on a day.
 * @param {{on: [number, object][]}} card The card of the first day; `on` has later facts by day.
 * @param {number} day Such as 20211231.
 * @returns {Record<string, any>} Its facts on that day.
 */
export function cardAt(card, day) {
  const facts = { ...card };
  for (const [at, news] of card.on) {
    if (at > day) break;
    Object.assign(facts, news);
  }
  return facts;
}

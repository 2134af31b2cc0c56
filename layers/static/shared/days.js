/* Days are numbers such as 20211231: they compare like dates and need no parsing. */

const twoDigits = (number) => String(number).padStart(2, "0");

/**
 * The month of a day.
 * @param {number} day Such as 20211231.
 * @returns {string} Such as "2021-12".
 */
export function monthText(day) {
  return `${Math.floor(day / 10000)}-${twoDigits(Math.floor(day / 100) % 100)}`;
}

/**
 * A day as ISO 8601 writes it.
 * @param {number} day Such as 20211231.
 * @returns {string} Such as "2021-12-31".
 */
export function dayText(day) {
  return `${monthText(day)}-${twoDigits(day % 100)}`;
}

/**
 * A day as a reader of a monthly slider expects it: only the month where it is the last day of its month.
 * @param {number} day Such as 20211231.
 * @returns {string} Such as "2021-12", or "2021-12-15".
 */
export function shortDayText(day) {
  const monthAfter = new Date(Date.UTC(Math.floor(day / 10000), Math.floor(day / 100) % 100, 0));
  return monthAfter.getUTCDate() === day % 100 ? monthText(day) : dayText(day);
}

/**
 * The number of a day.
 * @param {string} text Such as "2021-12-31".
 * @returns {number} Such as 20211231.
 */
export function dayNumber(text) {
  return Number(text.replaceAll("-", ""));
}

/**
 * Whether a text is a day of the calendar, written as ISO 8601 has it.
 * @param {string | null} text Anything.
 * @returns {boolean} True for "2024-02-29", false for "2023-02-29", "2023-2-1" or null.
 */
export function isDayText(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text || "")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().slice(0, 10) === text;
}

/**
 * The day that a clock shows, in the clock's own time zone.
 * @param {Date} date The clock.
 * @returns {number} Such as 20211231.
 */
export function dayOfDate(date) {
  return date.getFullYear() * 10000 + (date.getMonth() + 1) * 100 + date.getDate();
}

/**
 * Months counted from year 0, so that months can be added.
 * @param {number} day Such as 20211231.
 * @returns {number} Twelve times the year, plus 0 for January to 11 for December.
 */
export function monthIndex(day) {
  return Math.floor(day / 10000) * 12 + (Math.floor(day / 100) % 100) - 1;
}

/**
 * The last day of a month.
 * @param {number} index What monthIndex gives.
 * @returns {number} Such as 20210228 for February 2021.
 */
export function monthEnd(index) {
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  return year * 10000 + month * 100 + new Date(Date.UTC(year, month, 0)).getUTCDate();
}

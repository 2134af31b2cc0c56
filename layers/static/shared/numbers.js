/* Numbers as people read them. A dash stands for what is not known. */

const UNKNOWN = "—";
const isUnknown = (value) => value === null || value === undefined;
const oneDecimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/**
 * A number with at most one decimal.
 * @param {number | null} value Such as 20000.
 * @returns {string} Such as "20,000".
 */
export function numberText(value) {
  return isUnknown(value) ? UNKNOWN : oneDecimal.format(value);
}

/**
 * A number without decimals.
 * @param {number | null | undefined} value Such as 1234.5.
 * @returns {string} Such as "1,235".
 */
export function wholeText(value) {
  return isUnknown(value) ? UNKNOWN : Math.round(value).toLocaleString("en-US");
}

/**
 * A share in percent: two decimals below ten percent, else one.
 * @param {number | null | undefined} share From 0 to 1.
 * @returns {string} Such as "9.90%" or "45.1%".
 */
export function percentText(share) {
  return isUnknown(share) ? UNKNOWN : `${(share * 100).toFixed(share < 0.0995 ? 2 : 1)}%`;
}

/**
 * Two shares, from and to.
 * @param {number | null} low From 0 to 1.
 * @param {number | null} high From 0 to 1, not less than low.
 * @returns {string} Such as "40.2–45.1%".
 */
export function percentRangeText(low, high) {
  return isUnknown(low) ? UNKNOWN : `${percentText(low).slice(0, -1)}–${percentText(high)}`;
}

/**
 * Two numbers without decimals, from and to.
 * @param {number | null} low Such as 1200.
 * @param {number | null} high Not less than low.
 * @returns {string} Such as "1,200–1,300".
 */
export function wholeRangeText(low, high) {
  return isUnknown(low) ? UNKNOWN : `${wholeText(low)}–${wholeText(high)}`;
}

/**
 * A length: kilometres with one decimal from 1000 m on, else whole metres.
 * @param {number} metres Not negative.
 * @param {{km: string, m: string}} units How the page's language writes the units.
 * @returns {string} Such as "1.5 km".
 */
export function distanceText(metres, units) {
  if (metres < 1000) return `${Math.round(metres)} ${units.m}`;
  return `${(metres / 1000).toFixed(1).replace(/\.0$/, "")} ${units.km}`;
}

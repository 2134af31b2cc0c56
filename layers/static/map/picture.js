import { dayText } from "../shared/days.js";

/**
 * Address of a printed picture of what a map shows: the frame, the day, the filter.
 * @param {Record<string, any>} state The map's state.
 * @param {{bounds: string, datum: string, language: string}} view West, south, east, north joined by commas; the
 *   system of coordinates they are in; "zh" or "en".
 * @returns {string} An address relative to the map's page.
 */
export function pictureAddress(state, { bounds, datum, language }) {
  const query = new URLSearchParams({
    format: "png", lang: language, as_of: dayText(state.day), scope: state.scope, bbox: bounds, datum,
  });
  const lists = {
    category: state.categories, district: state.districts, status: state.statuses, certainty: state.certainties,
  };
  for (const [name, values] of Object.entries(lists)) if (values?.length) query.set(name, values.join(","));
  return `../api/picture?${query}`;
}

import { parametersOf } from "./state.js";

/**
 * Address of a printed picture of what a map shows: the frame, and every word of the view that can be printed.
 * @param {Record<string, any>} state The map's state.
 * @param {{bounds: string, datum: string, language: string, parts: {link: string, state: string, kind: string}[],
 *   question: Record<string, string>}} view West, south, east, north joined by commas; the system of coordinates they are in; "zh" or "en"; the
 *   words of a view; and those of who is served, where the map shows that.
 * @returns {string} An address relative to the map's page.
 */
export function pictureAddress(state, { bounds, datum, language, parts, question }) {
  const query = new URLSearchParams({ format: "png", lang: language, bbox: bounds, datum });
  for (const [name, value] of parametersOf(state, parts.filter((each) => each.isPrinted))) query.set(name, value);
  if (state.layers && !state.layers.length) query.set("layers", "none");
  for (const [name, value] of Object.entries(question)) query.set(name, value);
  const plan = new URLSearchParams(location.search).get("plan"); // the map's page is of one plan
  if (plan) query.set("plan", plan);
  return `../api/picture?${query}`;
}

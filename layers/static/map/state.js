/* What a map shows: the day, the filter, the layers, what is selected. A page sends it; a map on its own reads its address. */
import { dayNumber, dayOfDate, dayText } from "../shared/days.js";

/* What a map shows where nobody says otherwise. */
const PLAIN = { shade: null, focus: null, reach: null, draft: null, siting: null, pageHasDay: false };

/**
 * The state of a map on its own (embedded, or opened by its address), in the words of the app's links.
 * @param {URLSearchParams} link The address's words.
 * @param {Date} now The clock, for the day where the link names none.
 * @param {{view: {link: string, state: string, kind: string}[], scopes: Record<string, string[]>}} config The declarations:
 *   the words of a view (geo/display/view.py), and the scopes, of which the first stands for what the link does not name.
 * @returns {Record<string, any>} A state for AtlasMap.update.
 */
export function stateFromLink(link, now, { view, scopes }) {
  const read = {
    day: (word) => (/^\d{4}-?\d{2}-?\d{2}$/.test(link.get(word) || "") ? dayNumber(link.get(word)) : dayOfDate(now)),
    list: (word) => (link.has(word) ? link.getAll(word).flatMap((value) => value.split(",")).filter(Boolean) : null),
    one: (word) => link.get(word) || null,
  };
  const parts = Object.fromEntries(view.map(({ link: word, state, kind }) => [state, read[kind](word)]));
  const known = Object.keys(scopes);
  return {
    ...PLAIN, ...parts,
    scope: known.includes(parts.scope) ? parts.scope : known[0],
    basemap: parts.basemap || "offline",
  };
}

/**
 * A state as the words of an address.
 * @param {Record<string, any>} state The map's state.
 * @param {{link: string, state: string, kind: string}[]} view The words of a view.
 * @returns {[string, string][]} Pairs of word and value, lists joined by commas; what says nothing is left out.
 */
export function parametersOf(state, view) {
  const write = {
    day: (value) => dayText(value),
    list: (value) => value?.join(","),
    one: (value) => value,
  };
  return view.map(({ link, state: name, kind }) => [link, write[kind](state[name])]).filter(([_word, value]) => value);
}

/**
 * Whether two values that came as JSON say the same.
 * @param {unknown} one A value of JSON.
 * @param {unknown} other Another.
 * @returns {boolean} True where they are the same.
 */
export function sameJson(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Whether a layer is shown: a person may switch the optional ones.
 * @param {{id: string, optional: boolean, shown: boolean}} layer A declared layer.
 * @param {string[] | null} layers Ids of the optional layers that a person asked for; null where nobody asked.
 * @returns {boolean} True where it is shown.
 */
export function isShown(layer, layers) {
  if (!layer.optional) return true;
  return layers ? layers.includes(layer.id) : layer.shown;
}

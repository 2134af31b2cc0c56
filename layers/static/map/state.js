/* What a map shows: the day, the filter, the layers, what is selected. A page sends it; a map on its own reads its address. */
import { dayNumber, dayOfDate } from "../shared/days.js";

/**
 * The state of a map on its own (embedded, or opened by its address), in the words of the app's links.
 * @param {URLSearchParams} link The address's words.
 * @param {Date} now The clock, for the day where the link names none.
 * @param {string[]} scopes The scopes there are; the first stands for what the link does not name.
 * @returns {Record<string, any>} A state for AtlasMap.update.
 */
export function stateFromLink(link, now, scopes) {
  const list = (name) => (link.has(name) ? link.getAll(name).flatMap((value) => value.split(",")) : null);
  const asOf = link.get("as_of") || "";
  return {
    day: /^\d{4}-?\d{2}-?\d{2}$/.test(asOf) ? dayNumber(asOf) : dayOfDate(now),
    categories: list("category"),
    districts: list("district"),
    statuses: list("status"),
    certainties: list("certainty"),
    scope: scopes.includes(link.get("scope")) ? link.get("scope") : scopes[0],
    layers: null,
    shade: null,
    selected: link.get("work") || null,
    basemap: "offline",
    focus: null,
    reach: null,
    draft: null,
    siting: null,
    pageHasDay: false,
  };
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

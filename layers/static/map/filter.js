/* Which works are meant. geo/register/selection.py has the same rule in Python; tests/javascript/test_filter.py compares the two on
 * every combination. Nothing else in the browser decides it. */

const chosen = (values) => (values?.length ? new Set(values) : null);
const includes = (set, value) => set === null || set.has(value);

/** A filter over works: an empty or missing list means everything, and a work without a value is in no list. */
export class WorkFilter {
  /**
   * @param {{categories?: string[], districts?: string[], statuses?: string[], certainties?: string[], scope: string}} choice
   *   What a person asked to see; `scope` is a name of `countedInScope`.
   * @param {Record<string, string[]>} countedInScope For each scope, which values of `counted` belong to it.
   */
  constructor(choice, countedInScope) {
    this.counted = new Set(countedInScope[choice.scope]);
    this.categories = chosen(choice.categories);
    this.districts = chosen(choice.districts);
    this.statuses = chosen(choice.statuses);
    this.certainties = chosen(choice.certainties);
  }

  /**
   * Whether a work passes.
   * @param {{counted: string | null, category: string | null, districts: string[], certainty: string | null}} work A work;
   *   in several districts it passes for each of them.
   * @param {string} status Its status on the day.
   * @returns {boolean} True where it passes.
   */
  passes(work, status) {
    return this.passesTotal(work) && includes(this.statuses, status) && includes(this.certainties, work.certainty);
  }

  /**
   * Whether a total without names passes: its status and place are not known, so nobody can ask for them.
   * @param {{counted: string | null, category: string | null, districts: string[]}} total A reported number of works.
   * @returns {boolean} True where it passes.
   */
  passesTotal(total) {
    return this.counted.has(total.counted) && includes(this.categories, total.category) && this.passesDistricts(total.districts);
  }

  /**
   * Whether something lies in a chosen district. Lines and stations that are no works are asked this alone.
   * @param {string[]} districts Codes of the districts it lies in.
   * @returns {boolean} True where one of them is chosen.
   */
  passesDistricts(districts) {
    return this.districts === null || districts.some((code) => this.districts.has(code));
  }
}

/* Asks the API for the three sets of a coverage question, and remembers what it answered. */
import { farWords } from "../shared/far.js";
import { fetchJson } from "../shared/fetch_json.js";

/** The sets of facilities that are compared: before the plan, on the day, with the whole plan. */
export const SETS = ["before", "as_of", "planned"];

const CACHE_SIZE = 400;

/**
 * Address of one answer.
 * @param {Record<string, any>} data What Python says of the question (pages/parts/coverage/map_and_table.py).
 * @param {{set: string, radius: number}} choice The set, and the radius in metres.
 * @returns {string} An address of this server.
 */
export function coverageAddress(data, { set, radius }) {
  const query = new URLSearchParams({ ...data.words, set, lang: data.lang });
  if (data.slider) {
    for (const [name, value] of Object.entries(farWords(radius, { question: data.words, speed: data.speed }))) query.set(name, value);
  }
  if (data.scenario) query.set("scenario", data.scenario);
  return `${data.base}/api/coverage?${query}`;
}

/** One question on the way at a time; a newer one waits, and replaces the one that waited before. */
export class CoverageAnswers {
  /**
   * @param {{question: () => {data: object, radius: number}, onAnswers: (answers: object, radius: number) => void,
   *   onError: (error: Error) => void}} panel What is asked now, and who hears the answers by set, or why there are none.
   */
  constructor(panel) {
    this.panel = panel;
    this.cache = new Map();
    this.isAsking = false;
    this.isWaiting = false;
  }

  /** Ask what the panel asks now. */
  async ask() {
    if (this.isAsking) {
      this.isWaiting = true;
      return;
    }
    this.isAsking = true;
    const { data, radius } = this.panel.question();
    try {
      const answers = await Promise.all(SETS.map((set) => this.answer(coverageAddress(data, { set, radius }))));
      this.panel.onAnswers(Object.fromEntries(SETS.map((set, i) => [set, answers[i]])), radius);
    } catch (error) {
      this.panel.onError(error);
    }
    this.isAsking = false;
    if (this.isWaiting) {
      this.isWaiting = false;
      this.ask();
    }
  }

  async answer(url) {
    if (!this.cache.has(url)) {
      const body = await fetchJson(url);
      if (this.cache.size > CACHE_SIZE) this.cache.clear();
      this.cache.set(url, body);
    }
    return this.cache.get(url);
  }
}

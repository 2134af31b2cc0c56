/* What is new since the visitor's last visit. Only the day of that visit is kept, in this browser alone; what is new is worked out
 * here, and nothing of it is sent anywhere. */
import { element, button } from "./dom.js";

const KEY = "atlas-last-visit";
const MOST = 10;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The day of the visit before this one. Today is remembered as the last visit from now on; until the browser's tab is closed the answer stays
 * the same.
 * @param {string} today ISO day.
 * @param {Storage} [lasting] Where the day of the last visit is kept.
 * @param {Storage} [session] Where this visit keeps the answer.
 * @returns {string} ISO day; empty for a first visit, or where the browser keeps nothing.
 */
export function previousVisit(today, lasting = window.localStorage, session = window.sessionStorage) {
  const during = session.getItem(KEY);
  const held = during === null ? lasting.getItem(KEY) || "" : during;
  const previous = DAY.test(held) && held <= today ? held : "";
  session.setItem(KEY, previous);
  lasting.setItem(KEY, today);
  return previous;
}

/** Forget that there was a visit, and keep no day of this one. */
export function forgetVisits() {
  window.localStorage.removeItem(KEY);
  window.sessionStorage.setItem(KEY, "");
}

/**
 * The records that were learnt on a day or later.
 * @param {[string, string, string][]} entries ISO day, work, and what is said, the last learnt first.
 * @param {string} day ISO day.
 * @returns {[string, string, string][]} Some of them: on the day itself too, for a visit may have been before the record.
 */
export function learntSince(entries, day) {
  return entries.filter(([learnt]) => learnt >= day);
}

/**
 * Show what is new since the last visit, if anything is.
 * @param {HTMLElement} box Where.
 * @param {object} options What is shown.
 * @param {() => Promise<{text: Record<string, string>, entries: [string, string, string][]}>} options.load Gives the records and the texts; called
 *   after a first visit only.
 * @param {(workId: string) => string} options.address Of a work's card.
 */
export async function showSinceLastVisit(box, { load, address }) {
  let day = "";
  try {
    day = previousVisit(new Date().toISOString().slice(0, 10));
  } catch {
    return; // a browser that keeps nothing has no last visit
  }
  if (!day) return;
  const { text, entries } = await load();
  const fresh = learntSince(entries, day);
  if (!fresh.length) return;
  const details = element("details");
  const list = element("ul");
  for (const [learnt, workId, title] of fresh.slice(0, MOST)) {
    const [row, link] = [element("li"), element("a", "", title)];
    link.href = address(workId);
    row.append(`${learnt} `, link);
    list.append(row);
  }
  const forget = button("plain-link", text.forget, () => {
    forgetVisits();
    box.replaceChildren();
  });
  const foot = element("p", "quiet", `${text.private} `);
  foot.append(forget);
  details.append(element("summary", "", text.since.replace("{day}", day).replace("{n}", String(fresh.length))), list, foot);
  box.replaceChildren(details);
}

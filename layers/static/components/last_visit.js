/* Above the map of the first page: what is new since the last visit. It rides on the map's frame, so that no run of the page sends a byte more. */
import { element } from "../shared/dom.js";
import { fetchJson } from "../shared/fetch_json.js";
import { showSinceLastVisit } from "../shared/last_visit.js";

/**
 * Show it once for each frame and language.
 * @param {HTMLElement} root Where the map stands.
 * @param {string} src Address of the map's page on this server, with its language.
 */
export function showLastVisit(root, src) {
  const box = root.parentElement.querySelector(".since-visit") || element("div", "since-visit wx");
  box.replaceChildren();
  root.before(box);
  const [base, query] = src.split("/atlas/map?");
  const wanted = new URLSearchParams(query);
  const view = new URLSearchParams({ lang: wanted.get("lang") });
  if (wanted.has("plan")) view.set("plan", wanted.get("plan"));
  showSinceLastVisit(box, {
    load: () => fetchJson(`${base}/atlas/news.json?${view}`),
    address: (workId) => `${base}/?${view}&scope=all&work=${encodeURIComponent(workId)}`,
  });
}

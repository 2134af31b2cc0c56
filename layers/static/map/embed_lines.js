/* A map in another site's frame: what it is, whom to credit, and the way to the whole view, which keeps the frame and the work that is
 * open. */
import { element } from "../shared/dom.js";

/**
 * Put the lines around a map, before the map is made to look anywhere: they take their room from it.
 * @param {HTMLElement} container Where the map is.
 * @param {{title: string, credits: string, address: string}} embed Its title; who is credited; address of the whole view.
 * @param {Record<string, string>} text The map's texts.
 * @returns {{show: (address: string) => void}} Sets another address of the whole view.
 */
export function addEmbedLines(container, { title, credits, address }, text) {
  const head = element("header", "atlas-embed-head");
  const link = element("a", "", `${text.whole_view} ↗`);
  link.target = "_blank";
  link.rel = "noopener";
  head.append(element("h1", "", title), link);
  container.before(head);
  container.parentElement.append(element("footer", "atlas-embed-foot", credits));
  container.parentElement.classList.add("atlas-embedded");
  const show = (news) => { link.href = news; };
  show(address);
  return { show };
}

/**
 * The address of the whole view after a step on an embedded map.
 * @param {string} address The address it was made with.
 * @param {{at?: string, id?: string, day?: string}} news The frame, the work that is open, and the day, where they are others.
 * @returns {string} The new address.
 */
export function wholeView(address, { at, id, day }) {
  const [page, query] = address.split(/[?#]/);
  const parameters = new URLSearchParams(query);
  if (id) parameters.set("work", id);
  if (day) parameters.set("as_of", day);
  const text = parameters.toString();
  return `${page}${text ? `?${text}` : ""}${at ? `#${at}` : ""}`;
}

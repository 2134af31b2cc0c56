/* The first stop of the tabulator: links to what a page is for. They stand before everything, Streamlit's own bars too, as long as the
 * page has what they lead to. */
import { element } from "../shared/dom.js";

const FIELD = ".st-key-q input"; // the search field itself, rather than what stands before it

let nav = null;

function linkTo([id, text]) {
  const link = element("a", "", text);
  link.href = `#${id}`;
  link.addEventListener("click", (event) => {
    event.preventDefault(); // what stands after # in the address is the map's frame
    const target = id === "atlas-search" ? document.querySelector(FIELD) : document.getElementById(id);
    target?.scrollIntoView({ block: "center" });
    target?.focus();
  });
  return link;
}

/**
 * Have these links, and no others, first on the page.
 * @param {HTMLElement} root What must be on the page for as long as they are.
 * @param {{label: string, links: string[][]}} skips Their name; id of each target and the text.
 */
export function showSkipLinks(root, { label, links }) {
  nav?.remove();
  nav = element("nav", "skips");
  nav.setAttribute("aria-label", label);
  nav.append(...links.filter(([id]) => document.getElementById(id)).map(linkTo));
  document.body.prepend(nav);
  const mine = nav;
  const watch = new MutationObserver(() => {
    if (root.isConnected && mine === nav) return;
    mine.remove();
    watch.disconnect();
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

/* The first stops of the tabulator: to what a page is for. They stand before everything, Streamlit's own bars too, for as long as the map is
 * on the page. */
import { button, element } from "../shared/dom.js";

const SEARCH = ".st-key-q input";

let nav = null;

function skipTo(target, text) {
  return button("", text, () => {
    target.scrollIntoView({ block: "center" });
    target.focus();
  });
}

/**
 * Have the way to the search, where the page has one, and to the map first on the page.
 * @param {HTMLElement} root Where the map stands.
 * @param {Record<string, string>} text The map's texts.
 */
export function showSkipLinks(root, text) {
  nav?.remove();
  const mine = element("nav", "skips");
  const search = document.querySelector(SEARCH);
  mine.setAttribute("aria-label", text.skip);
  if (search) mine.append(skipTo(search, text.skip_to_search));
  mine.append(skipTo(root, text.skip_to_map));
  document.body.prepend(mine);
  nav = mine;
  const watch = new MutationObserver(() => {
    if (root.isConnected && mine === nav) return;
    mine.remove();
    watch.disconnect();
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

/* Streamlit writes the texts of its widgets in English alone. Here they are written in the language of the page, also after Streamlit has drawn
 * a widget anew. Only what is exactly one of its texts, at a place where it writes them, is changed; what people and data say never is. */

const PLACES = [
  '[data-testid="stFileUploader"]', '[data-testid="InputInstructions"]', '[data-testid="stSkipToContent"]', '[data-testid="stDialog"]',
  '[data-testid="stTooltipContent"]', '[data-testid="stStatusWidget"]', '[data-testid="stSelectboxVirtualDropdown"]',
  '[data-testid="stDataFrameColumnMenu"]', '[role="listbox"]',
].join(",");
const ATTRIBUTES = ["aria-label", "placeholder", "title"];
const LABELLED = '[aria-label], [placeholder], [data-testid="stJson"] [title]';
/** A part of a text that stays as it is. */
const FIELD = /\{(\w+)\}/g;
/** What people wrote, and what this page's own code writes in its language. */
const OURS = '.wx, .atlas-root, .skips, [role="option"], [data-testid="stFileChipName"]';

let table = "";
let exact = new Map();
let patterns = [];
let changed = [];
let observer = null;
let waits = false;

const literal = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function read(texts) {
  const all = Object.entries(texts);
  exact = new Map(all.filter(([from]) => !from.includes("{")));
  patterns = all.filter(([from]) => from.includes("{")).map(([from, to]) => {
    const form = from.split(FIELD).map((part, at) => (at % 2 ? `(?<${part}>.+)` : literal(part))).join("");
    return { form: new RegExp(`^${form}$`, "s"), to };
  });
}

function translated(text) {
  const bare = text.trim();
  if (exact.has(bare)) return exact.get(bare);
  for (const { form, to } of patterns) {
    const parts = form.exec(bare);
    if (parts) return to.replace(FIELD, (_field, name) => parts.groups[name]);
  }
  return null;
}

/* Write one text anew, where it is one of Streamlit's, and remember what was there. */
function put(element, get, set) {
  const before = get();
  const after = before && !element.closest(OURS) ? translated(before) : null;
  if (!after) return;
  set(after);
  changed.push({ element, restore: () => { if (get() === after) set(before); } });
}

function mend() {
  waits = false;
  changed = changed.filter(({ element }) => element.isConnected);
  for (const place of document.querySelectorAll(PLACES)) {
    const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      put(node.parentElement, () => node.data, text => { node.data = text; });
    }
  }
  for (const one of document.querySelectorAll(LABELLED)) {
    for (const name of ATTRIBUTES) put(one, () => one.getAttribute(name), text => one.setAttribute(name, text));
  }
}

function mendSoon() {
  if (waits) return;
  waits = true;
  requestAnimationFrame(mend);
}

/**
 * Called by Streamlit at every run of a page.
 * @param {Record<string, string>} texts What Streamlit writes, and what it is in the page's language; `{…}` stands for what stays. Empty in English.
 */
export default function showTexts(texts) {
  const now = JSON.stringify(texts);
  if (now !== table) {
    changed.forEach(each => each.restore());
    changed = [];
    read(texts);
    table = now;
  }
  mend();
  if (observer) return;
  observer = new MutationObserver(mendSoon);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}

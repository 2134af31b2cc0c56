/* The map of a page that is opened at its plain address, before Streamlit has that page: the start page loads this module (layers/start_page.py),
 * which shows the map where the page will have it, and hands it over when the page has come (map_frame.js). A link that asks for anything is
 * left to the page, and so is a browser that would load a frame anew when it is moved. */
import { element } from "../shared/dom.js";
import { fetchJson } from "../shared/fetch_json.js";

const OWN_WORD = "lang"; // all that the address may say
const PAGE = '[data-testid="stApp"]';
const PLACE = ".st-key-atlas, .atlas-root"; // where the page will have its map, and where it has it

let early = null;

async function begin(newest) {
  const lang = new URLSearchParams(location.search).get(OWN_WORD) || "";
  const [address, style] = await Promise.all([fetchJson(`${newest}?lang=${encodeURIComponent(lang)}`), styles()]);
  if (address && !document.querySelector(PLACE)) show(new URL(address, new URL(newest, location.href)), style);
  else style.remove();
}

/* With them the frame has its size, by which the map chooses what it shows. */
function styles() {
  const link = element("link", "");
  link.rel = "stylesheet";
  link.href = new URL("../pages.css", import.meta.url).href;
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener("load", () => resolve(link));
    link.addEventListener("error", reject);
  });
  document.head.append(link);
  return loaded;
}

/* The frame, on a ground of its own that hides how the page is put together. */
function show({ pathname, search }, style) {
  const frame = element("iframe", "atlas-frame");
  frame.allowFullscreen = true;
  const src = `${pathname}${search}`;
  frame.src = `${src}${location.hash.startsWith("#map=") ? location.hash : ""}`;
  frame.addEventListener("load", () => { frame.title = frame.contentDocument?.title || ""; });
  const box = element("div", "atlas-early");
  box.append(frame);
  early = { box, frame, src, style, heard: [] };
  window.addEventListener("message", hear);
  document.body.append(box);
  watchPage();
}

/* What is done on the map before it is handed over is told then. */
function hear({ source, origin, data }) {
  if (early && origin === location.origin && source === early.frame.contentWindow) early.heard.push(data);
}

/* A page that has no map, or failed, does not take it: then it goes. */
function watchPage() {
  let hasRun = false;
  const watch = new MutationObserver(() => {
    const state = document.querySelector(PAGE)?.dataset.testScriptState;
    hasRun ||= state === "running";
    if (hasRun && state === "notRunning" && !document.querySelector(PLACE)) drop();
    if (!early) watch.disconnect();
  });
  watch.observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
}

function drop() {
  early?.box.remove();
  early?.style.remove();
  early = null;
  window.removeEventListener("message", hear);
}

/**
 * Take over the map that is there already.
 * @param {HTMLElement} root Where the map stands on the page.
 * @param {string} src Address of the map that the page wants.
 * @returns {{frame: HTMLIFrameElement, heard: object[]} | null} It, with what was done on it; null where there is none, or it is another one.
 */
export function takeEarlyMap(root, src) {
  const taken = early;
  if (taken?.src === src && root.isConnected) root.moveBefore(taken.frame, null);
  drop();
  if (taken?.frame.parentElement !== root) return null;
  taken.frame.contentWindow.postMessage({ type: "atlas:placed" }, location.origin);
  return taken;
}

const newest = document.querySelector("script[data-newest-map]")?.dataset.newestMap;
const home = newest && new URL("../", new URL(newest, location.href)).pathname;
const isPlain = [...new URLSearchParams(location.search).keys()].every((word) => word === OWN_WORD);
if (location.pathname === home && isPlain && Element.prototype.moveBefore) begin(newest);

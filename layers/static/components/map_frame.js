/* Streamlit's component around the map page: the frame is made once; after that only its state is sent, never its layers.
 * The map's end of the talk is map/messages.js. */
import { takeEarlyMap } from "./early_map.js";
import { showLastVisit } from "./last_visit.js";
import { showSkipLinks } from "./skip_links.js";

/* Where the map of each page was left: who comes back from another page finds it there. */
const framesByPage = new Map();

/**
 * Called by Streamlit at every run of the page.
 * @param {{parentElement: HTMLElement, data: object, setTriggerValue: (name: string, value: object) => void}} component
 *   Where it stands, what Python says (pages/parts/shell/map_frame.py), and how Python hears of a click.
 */
export default function showMapFrame({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".atlas-root");
  root.classList.toggle("atlas-short", Boolean(data.short));
  root.classList.toggle("atlas-paired", Boolean(data.state.paired));
  const { frame, heard } = frameIn(root, data);
  frame.dataset.group = data.group;
  const sendState = () => post(frame, { type: "atlas:state", state: data.state });
  const handlers = {
    "atlas:ready": () => {
      sendState();
      const { atlas } = frame.contentWindow;
      if (atlas) showSkipLinks(root, atlas.config.text);
      if (data.state.paired === "follow") postToOthers(frame, { type: "atlas:where" });
    },
    "atlas:move": ({ view }) => postToOthers(frame, { type: "atlas:follow", view }),
    "atlas:select": ({ id }) => setTriggerValue("select", { id }),
    "atlas:day": ({ day }) => data.state.pageHasDay && setTriggerValue("day", { day }),
    "atlas:choose": ({ list, values }) => setTriggerValue("choose", { list, values }),
    "atlas:edit": ({ edit }) => setTriggerValue("edit", edit),
    "atlas:pick": ({ lon, lat }) => setTriggerValue("pick", { lon, lat }),
    "atlas:view": ({ at }) => {
      for (const each of [frame, ...othersOfGroup(frame)]) each.dataset.at = at;
      framesByPage.set(location.pathname, at);
      writeHash(at);
      window.dispatchEvent(new Event("atlas:moved"));
    },
  };
  listen(frame, handlers);
  if (frame.dataset.at && location.hash !== `#${frame.dataset.at}`) writeHash(frame.dataset.at);
  sendState();
  for (const message of heard) hear(handlers, message);
}

/* The frame that stands there already, unless another page is asked for; and what it said before somebody listened. */
function frameIn(root, { src, title, state }) {
  const existing = root.querySelector("iframe");
  if (existing?.dataset.src === src) return { frame: existing, heard: [] };
  existing?.remove();
  const { frame, heard } = takeEarlyMap(root, src) || newFrame(root, src);
  frame.dataset.src = src;
  frame.title = title;
  if (state.pageHasDay) showLastVisit(root, src);
  return { frame, heard };
}

function newFrame(root, src) {
  const frame = document.createElement("iframe");
  frame.allowFullscreen = true;
  frame.className = "atlas-frame";
  const at = location.hash.startsWith("#map=") ? location.hash.slice(1) : framesByPage.get(location.pathname);
  if (at) frame.dataset.at = at;
  frame.src = at ? `${src}#${at}` : src;
  root.append(frame);
  return { frame, heard: [] };
}

/* Maps of one group look at the same place: the one that is moved tells the others. */
function othersOfGroup(frame) {
  const { group } = frame.dataset;
  const frames = group ? [...document.querySelectorAll("iframe.atlas-frame")] : [];
  return frames.filter((each) => each !== frame && each.dataset.group === group);
}

function post(frame, message) {
  frame.contentWindow?.postMessage(message, location.origin);
}

function postToOthers(frame, message) {
  for (const other of othersOfGroup(frame)) post(other, message);
}

function writeHash(at) {
  history.replaceState(history.state, "", `#${at}`);
}

/* One listener for each frame: the one of the run before goes, and that of a frame that is gone goes by itself. */
function listen(frame, handlers) {
  if (frame.atlasListener) window.removeEventListener("message", frame.atlasListener);
  frame.atlasListener = (event) => {
    if (!frame.isConnected) window.removeEventListener("message", frame.atlasListener);
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    hear(handlers, event.data);
  };
  window.addEventListener("message", frame.atlasListener);
}

function hear(handlers, message) {
  const type = String(message?.type);
  if (Object.hasOwn(handlers, type)) handlers[type](message);
}

/* A finger and a keyboard on the map. One finger scrolls the page that the map is in, two move the map, as Leaflet has it where dragging
 * is off; on the full screen one is enough. All symbols and lines are one stop of the tabulator, with arrow keys inside. */
import { element } from "../shared/dom.js";

const MARKERS = ".leaflet-marker-icon.leaflet-interactive";
const LINES = "path.leaflet-interactive[aria-label]";
const SYMBOLS = `${MARKERS}, ${LINES}`;
const NAMELESS = "path.leaflet-interactive:not([aria-label])"; // Leaflet has the tabulator stop at each shape with a tooltip
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIDEWAYS = 2; // how much more a step aside counts than one in the arrow's direction

/**
 * The point that is next in a direction.
 * @param {{x: number, y: number}} from Where one is, in pixels.
 * @param {{x: number, y: number}[]} points Where one may go.
 * @param {number[]} direction One step to the right and down.
 * @returns {number} Its position in `points`; -1 where none lies there.
 */
export function nextPoint(from, points, [right, down]) {
  const costs = points.map(({ x, y }) => {
    const [along, aside] = [(x - from.x) * right + (y - from.y) * down, (x - from.x) * down + (y - from.y) * right];
    return along > 0 && along >= Math.abs(aside) / SIDEWAYS ? along + SIDEWAYS * Math.abs(aside) : Infinity;
  });
  const least = Math.min(...costs);
  return Number.isFinite(least) ? costs.indexOf(least) : -1;
}

function middleOf(node) {
  const { left, top, width, height } = node.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

const isFull = () => Boolean(document.fullscreenElement);

/** Fingers and keys of one map. */
export class Hands {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.map = atlas.map;
    this.container = atlas.map.getContainer();
    this.current = null;
    this.opener = null;
    if (matchMedia("(pointer: coarse)").matches) this.takeFingers(atlas.config.text.two_fingers);
    this.container.addEventListener("keydown", (event) => this.press(event));
    // Leaflet gives its container the focus when it is pressed; the page around must not scroll then, or the press is lost
    this.container.focus = () => HTMLElement.prototype.focus.call(this.container, { preventScroll: true });
    this.container.addEventListener("focusin", ({ target }) => this.focus(target));
    this.map.on("popupopen", ({ popup }) => this.enter(popup));
    new MutationObserver(() => this.leaveOneStop()).observe(this.map.getPane("mapPane"), { childList: true, subtree: true });
  }

  takeFingers(text) {
    const hint = element("div", "atlas-fingers", text);
    hint.hidden = true;
    this.container.append(hint);
    const choose = () => (isFull() ? this.map.dragging.enable() : this.map.dragging.disable());
    document.addEventListener("fullscreenchange", choose);
    choose();
    this.container.addEventListener("touchmove", ({ touches }) => { hint.hidden = touches.length > 1 || isFull(); }, { passive: true });
    for (const end of ["touchend", "touchcancel"]) this.container.addEventListener(end, () => { hint.hidden = true; });
  }

  symbols() {
    return [MARKERS, LINES].flatMap((kind) => [...this.container.querySelectorAll(kind)]);
  }

  /* Only the current symbol, or the first one, is a stop of the tabulator. */
  leaveOneStop() {
    const symbols = this.symbols();
    const stop = symbols.includes(this.current) ? this.current : symbols[0];
    for (const symbol of symbols) symbol.tabIndex = symbol === stop ? 0 : -1;
    for (const shape of this.container.querySelectorAll(NAMELESS)) shape.tabIndex = -1;
  }

  focus(target) {
    if (!target.matches?.(SYMBOLS)) return;
    this.current = target;
    this.leaveOneStop();
  }

  press(event) {
    if (event.key === "Escape") this.close(event);
    else if (Object.hasOwn(ARROWS, event.key) && event.target.matches?.(SYMBOLS)) this.step(event);
  }

  step(event) {
    event.preventDefault();
    event.stopPropagation();
    const others = this.symbols().filter((symbol) => symbol !== event.target);
    const next = nextPoint(middleOf(event.target), others.map(middleOf), ARROWS[event.key]);
    others[next]?.focus();
  }

  /* Who opened a card with the keyboard goes on inside it. */
  enter(popup) {
    const active = document.activeElement;
    this.opener = active?.matches?.(SYMBOLS) ? active : null;
    const node = popup.getElement();
    if (!this.opener || !node) return;
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
  }

  close(event) {
    const isOpen = this.container.querySelector(".leaflet-popup");
    if (!isOpen) return;
    event.stopPropagation();
    this.map.closePopup();
    if (this.opener?.isConnected) this.opener.focus();
    else this.container.focus();
  }
}

/* What a map and the page around it say to each other. A map in a frame posts messages; a map that is part of its page
 * calls a listener. Types are those of components/map_frame.js. */

const PREFIX = "atlas:";

/** One end of the talk: the map's. */
export class Messages {
  /** @param {((type: string, detail: object) => void) | undefined} listener Hears what happens, where the map is part of a page. */
  constructor(listener) {
    this.listener = listener;
  }

  /** @returns {boolean} Whether the map is alone in its window: nobody listens. */
  get isAlone() {
    return !this.listener && window.parent === window;
  }

  /**
   * Send what happened.
   * @param {string} type "ready", "select", "choose", "day", "view", "move", "pick" or "edit".
   * @param {object} detail What belongs to it.
   */
  send(type, detail) {
    if (this.listener) this.listener(type, detail);
    else if (window.parent !== window) window.parent.postMessage({ type: PREFIX + type, ...detail }, location.origin);
  }

  /**
   * Hear what the page around the map asks for. Messages from anyone else are not heard.
   * @param {Record<string, (message: any) => void>} handlers By type, without the prefix.
   */
  receive(handlers) {
    window.addEventListener("message", (event) => {
      if (event.origin !== location.origin || event.source !== window.parent) return;
      const type = String(event.data?.type);
      const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : "";
      if (Object.hasOwn(handlers, name)) handlers[name](event.data);
    });
  }
}

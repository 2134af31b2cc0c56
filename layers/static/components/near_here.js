/* Streamlit's component of the page of what is near: the visitor's own position, answered in the browser. Nothing is told to Python:
 * neither the position nor the answer leaves the browser. */
import { answerParts } from "../near/answer_view.js";
import { Surroundings } from "../near/answer.js";
import { ownPosition } from "../near/own_position.js";
import { button, element } from "../shared/dom.js";
import { fetchJson } from "../shared/fetch_json.js";

const ZOOM = 14;
const DECIMALS = 6;

/* The projection library: one script that makes one global name. */
function loadProjections(address) {
  if (window.proj4) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = element("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("failed")));
    document.head.append(script);
  });
}

class NearHere {
  constructor(parent) {
    this.root = parent.querySelector(".near-here");
    this.line = element("p", "quiet");
    this.status = element("p");
    this.status.setAttribute("role", "status");
    this.answer = element("div");
    this.button = button("near-button", "", () => this.locate());
    this.root.append(this.button, this.line, this.status, this.answer);
  }

  update(data) {
    const isOther = JSON.stringify(data) !== JSON.stringify(this.data);
    this.data = data;
    this.button.textContent = data.text.locate;
    this.line.textContent = data.text.private;
    if (isOther && this.place) this.show();
  }

  say(name) {
    this.status.textContent = name ? this.data.text[name] : "";
  }

  async locate() {
    this.say("locating");
    try {
      this.place = { ...await ownPosition(), name: this.data.text.here };
      await this.show();
    } catch (error) {
      this.say(Object.hasOwn(this.data.text, error.message) ? error.message : "failed");
    }
  }

  async show() {
    const { base, table, script } = this.data;
    const [near] = await Promise.all([fetchJson(`${base}${table}`), loadProjections(`${base}${script}`)]);
    const nearby = new Surroundings(near, window.proj4).near(this.place);
    this.say(nearby ? "" : "far_away");
    const map = ({ lon, lat, id }) => `${base}/?${this.data.link}${id ? `&work=${encodeURIComponent(id)}` : ""}#map=${ZOOM}/${lat.toFixed(DECIMALS)}/${lon.toFixed(DECIMALS)}`;
    this.answer.replaceChildren(...(nearby ? answerParts(near, nearby, { map }) : []));
  }
}

/**
 * Called by Streamlit at every run of the page.
 * @param {{parentElement: HTMLElement, data: object}} component Where it stands, and what Python says (pages/parts/near/here.py).
 */
export default function showNearHere({ parentElement, data }) {
  parentElement.atlasNear ??= new NearHere(parentElement);
  parentElement.atlasNear.update(data);
}

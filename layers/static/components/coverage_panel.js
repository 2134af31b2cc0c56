/* Streamlit's component of the coverage page: a slider that answers while it moves, and the tables by district.
 * Numbers come from the same API that programs ask; texts reach the page through textContent only. */
import { element } from "../shared/dom.js";
import { farText } from "../shared/far.js";
import { CoverageAnswers } from "../coverage/answers.js";
import { detailTable } from "../coverage/detail_table.js";
import { districtTable, markPicked } from "../coverage/district_table.js";

class CoveragePanel {
  constructor(parent) {
    this.root = parent.querySelector(".cov-root");
    this.head = element("div", "cov-head");
    this.table = element("div", "scroll");
    this.notes = element("ul", "cov-notes quiet");
    this.error = element("p", "cov-error");
    this.error.setAttribute("role", "alert");
    this.detail = element("div", "cov-detail");
    this.detail.setAttribute("aria-live", "polite");
    this.root.append(this.head, this.error, this.detail, this.table, this.notes);
    this.addSlider();
    this.source = new CoverageAnswers({
      question: () => ({ data: this.data, radius: this.radius }),
      onAnswers: (answers, radius) => this.show(answers, radius),
      onError: (error) => this.showError(error),
    });
  }

  addSlider() {
    this.label = element("label", "cov-label");
    this.slider = element("input");
    this.slider.type = "range";
    this.output = element("output", "cov-output");
    this.slider.addEventListener("input", () => this.moveTo(Number(this.slider.value)));
    this.slider.addEventListener("change", () => this.setTriggerValue("radius", { value: Number(this.slider.value) }));
    this.label.append(element("span", "cov-title"), this.slider, this.output);
    this.head.append(this.label);
  }

  update(data, setTriggerValue) {
    const isNewQuestion = JSON.stringify({ ...data, picked: "" }) !== JSON.stringify({ ...this.data, picked: "" });
    const isNewPick = data.picked !== this.data?.picked;
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    if (isNewPick) this.picked = data.picked;
    if (isNewQuestion) this.ask();
    else if (isNewPick && this.answers) this.showPicked();
  }

  ask() {
    const { data } = this;
    [this.slider.min, this.slider.max, this.slider.step] = data.range;
    this.slider.value = data.radius;
    this.label.hidden = !data.slider;
    this.label.firstChild.textContent = data.text.radius;
    this.setRadius(data.radius);
    if (!this.root.dataset.answers) this.table.replaceChildren(element("p", "quiet", data.text.loading));
    this.source.ask();
  }

  setRadius(radius) {
    this.radius = radius;
    this.output.textContent = farText(radius, this.data);
    this.slider.setAttribute("aria-valuetext", this.output.textContent);
  }

  /* While the slider moves: the circles of the maps at once, the numbers as they come. */
  moveTo(radius) {
    this.setRadius(radius);
    for (const frame of document.querySelectorAll("iframe.atlas-frame")) {
      frame.contentWindow?.postMessage({ type: "atlas:reach", radius }, location.origin);
    }
    this.source.ask();
  }

  show(answers, radius) {
    this.answers = answers;
    this.error.textContent = "";
    const hadFocus = this.table.contains(document.activeElement);
    this.table.replaceChildren(districtTable(answers, this.data, this.pickedCode, (code) => this.pick(code)));
    if (hadFocus) this.table.querySelector(".cov-picked button")?.focus();
    this.showDetail();
    this.notes.replaceChildren(...answers[this.data.set].notes.map((note) => element("li", "", note)));
    this.root.dataset.radius = String(radius);
    this.root.dataset.answers = String(Number(this.root.dataset.answers || 0) + 1);
  }

  showError(error) {
    this.error.textContent = error.message;
    for (const part of [this.table, this.detail, this.notes]) part.replaceChildren();
  }

  get pickedCode() {
    return this.picked || this.data.city;
  }

  pick(code) {
    this.picked = code;
    this.showPicked();
    this.setTriggerValue("picked", { code });
  }

  showPicked() {
    markPicked(this.table, this.pickedCode);
    this.showDetail();
  }

  showDetail() {
    const table = detailTable(this.answers, this.data, { code: this.pickedCode, radius: this.radius });
    const box = element("div", "scroll");
    box.tabIndex = 0; // arrow keys scroll it where it is wider than the screen
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", table.caption.textContent);
    box.append(table);
    this.detail.replaceChildren(box);
    this.detail.dataset.code = this.pickedCode;
  }
}

/**
 * Called by Streamlit at every run of the page.
 * @param {{parentElement: HTMLElement, data: object, setTriggerValue: (name: string, value: object) => void}} component
 *   Where it stands, what Python says (pages/parts/coverage/map_and_table.py), and how Python hears of a radius or a pick.
 */
export default function showCoveragePanel({ parentElement, data, setTriggerValue }) {
  parentElement.atlasCoverage ??= new CoveragePanel(parentElement);
  parentElement.atlasCoverage.update(data, setTriggerValue);
}

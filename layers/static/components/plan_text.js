/* Streamlit's component of the page of a plan: the text with its items marked. A click on one takes it in hand. */
import { element } from "../shared/dom.js";

class PlanText {
  constructor(parent) {
    this.root = parent.querySelector(".plan-text");
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "region");
    this.root.addEventListener("click", ({ target }) => {
      const mark = target.closest("mark");
      if (mark) this.setTriggerValue("picked", { key: Number(mark.dataset.key) });
    });
  }

  update(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    this.root.setAttribute("aria-label", data.label);
    this.root.replaceChildren(...data.pieces.map((piece) => this.piece(piece, data.reasons)));
    this.showInHand();
    this.root.dataset.unsaved = String(data.unsaved);
    PlanText.hold(data.unsaved);
  }

  /* The browser asks before the tab is closed or loaded anew while decisions are not saved. The text may be gone by then, for
     other pages of the app do not lose them: so the question hangs on the window, once. */
  static hold(isUnsaved) {
    PlanText.isUnsaved = isUnsaved;
    if (PlanText.isHolding) return;
    PlanText.isHolding = true;
    window.addEventListener("beforeunload", (event) => {
      if (PlanText.isUnsaved) event.preventDefault();
    });
  }

  piece({ text, key, state, in_hand: inHand, reason }, reasons) {
    const node = element(key === undefined ? "span" : "mark", reason ? "left-out" : state, text);
    if (reason) node.title = reasons[reason];
    if (key !== undefined) node.dataset.key = key;
    if (inHand) node.setAttribute("aria-current", "true");
    return node;
  }

  /* Only this box is scrolled, never the page. */
  showInHand() {
    const mark = this.root.querySelector("[aria-current]");
    if (!mark) return;
    const box = this.root.getBoundingClientRect();
    const { top, bottom } = mark.getBoundingClientRect();
    const isHidden = top < box.top || bottom > box.bottom;
    if (isHidden) this.root.scrollTop += top - box.top - box.height / 3;
  }
}

/**
 * Called by Streamlit at every run of the page.
 * @param {{parentElement: HTMLElement, data: object, setTriggerValue: (name: string, value: object) => void}} component
 *   Where it stands, what Python says (pages/parts/plan/plan_text.py), and how it says which item is taken in hand.
 */
export default function showPlanText({ parentElement, data, setTriggerValue }) {
  parentElement.atlasPlanText ??= new PlanText(parentElement);
  parentElement.atlasPlanText.update(data, setTriggerValue);
}

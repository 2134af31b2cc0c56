/* Streamlit's component above every page for the public: what is new since the last visit. Nothing is told to Python. */
import { fetchJson } from "../shared/fetch_json.js";
import { showSinceLastVisit } from "../shared/last_visit.js";

/**
 * Called by Streamlit at every run of the page; what was shown stays.
 * @param {{parentElement: HTMLElement, data: object}} component Where it stands, and what Python says (pages/parts/shell/last_visit.py).
 */
export default function showLastVisit({ parentElement, data }) {
  const box = parentElement.querySelector(".since-visit");
  if (box.dataset.lang === data.lang) return;
  box.dataset.lang = data.lang;
  showSinceLastVisit(box, {
    load: () => fetchJson(`${data.base}${data.news}`),
    address: (workId) => `${data.base}/?${data.link}&work=${encodeURIComponent(workId)}`,
    text: data.text,
  });
}

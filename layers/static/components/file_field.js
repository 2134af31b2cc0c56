/* Streamlit's field for files says of its box that it is nothing (`role="presentation"`) and gives it a name and a focus: screen readers
 * are told two things. Here the first is taken back, also after Streamlit has drawn the field anew. */

const BOX = '[data-testid="stFileUploaderDropzone"][role="presentation"]';

function mend() {
  for (const box of document.querySelectorAll(BOX)) box.removeAttribute("role");
}

let observer = null;

/** Called by Streamlit at every run of a page with such a field. */
export default function mendFileFields() {
  mend();
  if (observer) return;
  observer = new MutationObserver(mend);
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["role"] });
}

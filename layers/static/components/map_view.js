/* Tells Python where the map of the page looks, while something on the page wants to know: a share link, a picture. */

let listener = null;

/**
 * Called by Streamlit at every run of what wants to know.
 * @param {{data: {known: object | null}, setStateValue: (name: string, value: object) => void}} component What Python knows
 *   already, and how it hears of more.
 */
export default function tellMapView({ data, setStateValue }) {
  let known = JSON.stringify(data.known);
  window.removeEventListener("atlas:moved", listener);
  listener = () => {
    const view = viewOfPage();
    if (JSON.stringify(view) === known) return;
    known = JSON.stringify(view);
    setStateValue("view", view);
  };
  window.addEventListener("atlas:moved", listener);
  listener();
}

/* The first map of the page, as its address has it, and its size in pixels. */
function viewOfPage() {
  const frame = document.querySelector("iframe.atlas-frame");
  return { frame: frame?.dataset.at || "", width: frame?.clientWidth || 0, height: frame?.clientHeight || 0 };
}

/* What Leaflet's markers lack: names for screen readers, and the keyboard. */

/**
 * Give a marker its name. Leaflet names image icons only; ours are drawn, so each gets its name for screen readers.
 * @param {L.Marker} marker The marker, on the map or not.
 * @param {string} text Its name.
 */
export function nameMarker(marker, text) {
  const setName = () => {
    marker.getElement()?.setAttribute("aria-label", text);
    marker.getElement()?.setAttribute("title", text);
  };
  marker.options.title = text;
  marker.off("add", marker.setName).on("add", setName);
  marker.setName = setName;
  setName();
}

/**
 * Answer a click, and Enter or space on the focused marker.
 * @param {L.Marker} marker The marker.
 * @param {() => void} action What it does.
 */
export function onPress(marker, action) {
  marker.on("click", action);
  marker.on("keypress", ({ originalEvent }) => ["Enter", " "].includes(originalEvent.key) && action());
}

/**
 * An icon that is drawn by styles.
 * @param {HTMLElement} node What it shows.
 * @param {number} size Its width and height in pixels; 0 where the node places itself.
 * @param {number[]} [anchor] The pixel of it that stands on the place; its middle where it is not given.
 * @returns {L.DivIcon} The icon.
 */
export function drawnIcon(node, size, anchor) {
  return L.divIcon({ html: node, className: "atlas-symbol-anchor", iconSize: [size, size], ...(anchor && { iconAnchor: anchor }) });
}

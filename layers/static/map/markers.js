/* What Leaflet's markers lack: names for screen readers, and the keyboard. */

const METRES_PER_DEGREE = 40075016.686 / 360;

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
 * @param {(event?: object) => void} action What it does; for a click it is given Leaflet's event.
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

/**
 * Say on the page which rows a symbol or a shape stands for.
 * @param {HTMLElement | SVGElement} node The symbol, or the shape.
 * @param {Record<string, any>[]} rows The rows.
 */
export function nameRows(node, rows) {
  node.dataset.rows = rows.map((row) => row.id).join(" ");
}

/**
 * Put a layer into a group, or take it out. A group has a list of its own: `layer.remove()` leaves the layer in that list,
 * and a group never adds again what stands there.
 * @param {L.LayerGroup} group The group.
 * @param {L.Layer | null | undefined} layer The layer, if it has been made.
 * @param {boolean} isShown Whether it is shown.
 */
export function showIn(group, layer, isShown) {
  if (!layer) return;
  if (isShown) group.addLayer(layer);
  else group.removeLayer(layer);
}

/**
 * The fill of an exact point, however it is drawn: the layer's own colour, which its legend shows, or that of its status.
 * @param {{style: Record<string, any>}} layer The layer.
 * @param {{fill: string}} status What the point is shown as.
 * @returns {string} A colour.
 */
export function fillOf(layer, status) {
  return layer.style.color || status.fill;
}

/**
 * Whether a pointer is on a round symbol.
 * @param {L.Map} map The map.
 * @param {L.Point} pointer Where the pointer is, in pixels of the map's frame.
 * @param {{at: L.LatLngExpression, radius: number}} symbol Where its middle stands; pixels.
 * @returns {boolean} True where it is.
 */
export function isOn(map, pointer, { at, radius }) {
  return map.latLngToContainerPoint(at).distanceTo(pointer) <= radius;
}

/**
 * A distance on the ground in pixels of the map, at a place.
 * @param {L.Map} map The map.
 * @param {L.LatLng} at The place.
 * @param {number} metres The distance.
 * @returns {number} Pixels.
 */
export function pixelsOf(map, at, metres) {
  const north = L.latLng(at.lat + metres / METRES_PER_DEGREE, at.lng);
  return map.latLngToContainerPoint(at).distanceTo(map.latLngToContainerPoint(north));
}

/**
 * A pane of a map, made where it is not there yet: several layers may share one, and a map may have been given it by others.
 * @param {L.Map} map The map.
 * @param {string} name Its name.
 * @param {number} order What it lies over: Leaflet's own areas are at 400, its markers at 600, its popups at 700.
 * @returns {HTMLElement} The pane.
 */
export function paneOf(map, name, order) {
  const pane = map.getPane(name) || map.createPane(name);
  pane.style.zIndex = order;
  return pane;
}

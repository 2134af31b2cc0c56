/**
 * A pane of a map, made where it is not there yet: several layers may share one, and a map may have been given it by others.
 * @param {L.Map} map The map.
 * @param {string} name Its name.
 * @param {number} order What it lies over: Leaflet's own areas are at 400, its markers at 600, its popups at 700.
 * @param {string} [parent] The pane that it is part of; `order` is then its place there.
 * @returns {HTMLElement} The pane.
 */
export function paneOf(map, name, order, parent) {
  const pane = map.getPane(name) || map.createPane(name, parent && map.getPane(parent));
  pane.style.zIndex = order;
  return pane;
}

/* What is selected on the map: the ring around it, its card, and the way to it. */
import { chooserCard, rowCard, sharedPlaceCard } from "./cards.js";
import { paneOf } from "./panes.js";
import { DRAWINGS } from "../shared/tokens.js";

const SELECTED_ZOOM = 13;
const PANE_ORDER = 640; // above every layer

/** The work that a person selected, on the map or in a list. */
export class Selection {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.map = atlas.map;
    this.ring = null;
    this.chosen = null; // id of the feature whose card is open, or that is selected
    this.map.on("popupclose", () => this.choose(this.atlas.state.selected));
    paneOf(this.map, "selected", PANE_ORDER);
  }

  /**
   * A press on a feature: it opens, or a list of all that lies under the pointer. A key opens the feature that has the focus.
   * @param {Record<string, any>[]} rows What was pressed: one row, or those that share a place.
   * @param {L.LatLng} at Where it stands.
   * @param {object} [event] Leaflet's event of the pointer; nothing for a key.
   */
  press(rows, at, event) {
    const near = event?.containerPoint ? this.featuresNear(event.containerPoint) : [];
    const all = new Map(near.flatMap((hit) => hit.rows.map((row) => [row.id, row])));
    for (const row of rows) all.set(row.id, row);
    if (all.size > rows.length) this.showChooser([...all.values()], at);
    else if (rows.length > 1) this.showSharedPlace(rows, at, Math.max(...rows.map((row) => row.accuracy || 0)));
    else this.open(rows[0], at);
  }

  /* What is drawn there, the smallest first. */
  featuresNear(point) {
    const hits = this.atlas.layers.flatMap(({ drawing }) => drawing?.near?.(point) || []);
    return hits.sort((one, other) => one.size - other.size);
  }

  /**
   * Open a feature: a work is selected, anything else shows its card on the map.
   * @param {Record<string, any>} row The row.
   * @param {L.LatLng} at Where its card opens.
   */
  open(row, at) {
    if (row.history) this.select(row, at);
    else this.showCard(row, at);
  }

  /**
   * A work is selected.
   * @param {Record<string, any>} row The work.
   * @param {L.LatLng} at Where its card opens.
   */
  select(row, at) {
    this.atlas.state.selected = row.id;
    this.showCard(row, at);
    if (this.placeOf(row.id)?.bounds) this.removeRing();
    else this.drawRing(at);
    this.atlas.messages.send("select", { id: row.id });
  }

  /**
   * Open the card of a row without selecting it.
   * @param {Record<string, any>} row The row.
   * @param {L.LatLng} at Where it opens.
   */
  showCard(row, at) {
    this.openPopup(at, rowCard(row, this.statusOf(row), this.atlas.config.text));
    this.choose(row.id);
  }

  /* Drawings that show what is chosen hear of it: a symbol has a ring, a line is edged. */
  choose(id) {
    this.chosen = id || null;
    this.map.fire("chosen");
  }

  statusOf(row) {
    return row.history ? this.atlas.statusOf(row) : null;
  }

  /**
   * Open the list of features that lie under the pointer.
   * @param {Record<string, any>[]} rows The features, the smallest first.
   * @param {L.LatLng} at Where they are.
   */
  showChooser(rows, at) {
    const features = rows.map((row) => ({ row, status: this.statusOf(row) }));
    this.openPopup(at, chooserCard(features, { text: this.atlas.config.text, onOpen: (row) => this.open(row, at) }));
  }

  /**
   * Open the list of works that share one approximate place.
   * @param {Record<string, any>[]} rows The works.
   * @param {L.LatLng} at The place.
   * @param {number} accuracy How sure it is, in metres.
   */
  showSharedPlace(rows, at, accuracy) {
    const features = rows.map((row) => ({ row, status: this.statusOf(row) }));
    this.openPopup(at, sharedPlaceCard(features, {
      accuracy, text: this.atlas.config.text, onOpen: (row) => this.open(row, at),
    }));
  }

  /**
   * Open a popup.
   * @param {L.LatLngExpression} at Where.
   * @param {HTMLElement} node What it shows.
   */
  openPopup(at, node) {
    L.popup({ maxWidth: 280, autoPanPadding: [20, 20] }).setLatLng(at).setContent(node).openOn(this.map);
  }

  drawRing(at) {
    this.removeRing();
    this.ring = L.circleMarker(at, {
      radius: 17, color: DRAWINGS.ring, weight: 3, fill: false, dashArray: "3 4", interactive: false, pane: "selected",
    }).addTo(this.map);
  }

  /** Nothing is selected any more. */
  clear() {
    this.removeRing();
    this.choose(null);
  }

  removeRing() {
    this.ring?.remove();
    this.ring = null;
  }

  /**
   * Bring what was selected in a list so near that it stands apart.
   * @param {boolean} keepsFrame Whether the frame came from a link: then it stays as it is.
   */
  bringNear(keepsFrame = false) {
    const place = this.placeOf(this.atlas.state.selected);
    this.removeRing();
    this.choose(this.atlas.state.selected);
    if (!place) return;
    if (!keepsFrame && place.bounds) this.map.fitBounds(place.bounds, { maxZoom: SELECTED_ZOOM, animate: false });
    else if (!keepsFrame) this.map.setView(place.at, Math.max(this.map.getZoom(), SELECTED_ZOOM), { animate: false });
    if (!place.bounds) this.drawRing(place.at);
  }

  placeOf(id) {
    for (const { drawing } of this.atlas.layers) {
      const place = drawing?.placeOf?.(id);
      if (place) return place;
    }
    return null;
  }
}

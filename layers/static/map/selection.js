/* What is selected on the map: the ring around it, its card, and the way to it. */
import { rowCard, sharedPlaceCard } from "./cards.js";
import { paneOf } from "./panes.js";

const SELECTED_ZOOM = 13;
const PANE_ORDER = 640; // above every layer

/** The work that a person selected, on the map or in a list. */
export class Selection {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.map = atlas.map;
    this.ring = null;
    paneOf(this.map, "selected", PANE_ORDER);
  }

  /**
   * A click on a work.
   * @param {Record<string, any>} row The work.
   * @param {L.LatLng} at Where its card opens.
   */
  select(row, at) {
    this.atlas.state.selected = row.id;
    this.showCard(row, at);
    this.drawRing(at);
    this.atlas.messages.send("select", { id: row.id });
  }

  /**
   * Open the card of a row without selecting it.
   * @param {Record<string, any>} row The row.
   * @param {L.LatLng} at Where it opens.
   */
  showCard(row, at) {
    const status = row.history ? this.atlas.statusOf(row) : null;
    this.openPopup(at, rowCard(row, status, this.atlas.config.text));
  }

  /**
   * Open the list of works that share one approximate place.
   * @param {Record<string, any>[]} rows The works.
   * @param {L.LatLng} at The place.
   * @param {number} accuracy How sure it is, in metres.
   */
  showSharedPlace(rows, at, accuracy) {
    const works = rows.map((row) => ({ row, status: this.atlas.statusOf(row) }));
    this.openPopup(at, sharedPlaceCard(works, {
      accuracy, text: this.atlas.config.text, onSelect: (row) => this.select(row, at),
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
      radius: 17, color: "#111", weight: 3, fill: false, dashArray: "3 4", interactive: false, pane: "selected",
    }).addTo(this.map);
  }

  /** Nothing is selected any more. */
  removeRing() {
    this.ring?.remove();
    this.ring = null;
  }

  /**
   * Bring what was selected in a list so near that it stands apart.
   * @param {boolean} keepsFrame Whether the frame came from a link: then it is kept where it shows the work.
   */
  bringNear(keepsFrame = false) {
    const place = this.placeOf(this.atlas.state.selected);
    if (!place) {
      this.removeRing();
      return;
    }
    const isInside = this.map.getBounds().pad(-0.1).contains(place.at);
    if (place.bounds) this.map.fitBounds(place.bounds, { maxZoom: SELECTED_ZOOM, animate: false });
    else if (!isInside || !keepsFrame) this.map.setView(place.at, Math.max(this.map.getZoom(), SELECTED_ZOOM), { animate: false });
    this.drawRing(place.at);
  }

  placeOf(id) {
    for (const { drawing } of this.atlas.layers) {
      const place = drawing?.placeOf?.(id);
      if (place) return place;
    }
    return null;
  }
}

/* Where the map looks: its place in the address, and a second map that follows. */

const FRAME_DIGITS = 6; // a tenth of a metre: less than half a pixel at every zoom, so that the same pixels come back
const TOUCHES = ["pointerdown", "wheel", "keydown"];
const JUMP_PIXELS = 4000; // a map that is farther away than this is set down anew instead of being moved

/** Moves the map, and tells where it was moved to. */
export class Camera {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.map = atlas.map;
    this.isFollowing = false;
    this.isFromLink = false;
    this.isTouched = false;
    this.begunSize = null;
    this.settled = "";
  }

  /** Begin where the address says, else with the whole city; from then on moves are told. */
  begin() {
    const place = /map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(location.hash);
    this.isFromLink = Boolean(place);
    if (place) this.map.setView([Number(place[2]), Number(place[3])], Number(place[1]), { animate: false });
    else this.map.fitBounds(this.atlas.config.bounds, { animate: false });
    this.begunSize = this.map.getSize();
    for (const type of TOUCHES) this.map.getContainer().addEventListener(type, () => { this.isTouched = true; }, { once: true, passive: true });
    this.map.on("moveend", () => this.announceView());
    this.map.on("move", () => this.announceMove());
  }

  /** The page has put the map into its place, perhaps in another size: what nobody has touched yet shows the whole city there, too. */
  settle() {
    const isOwn = !this.isFromLink && !this.isTouched;
    this.isFollowing = true; // it is no move of a person
    this.map.invalidateSize({ animate: false, pan: false });
    if (isOwn && !this.begunSize.equals(this.map.getSize())) this.map.fitBounds(this.atlas.config.bounds, { animate: false });
    if (isOwn) this.settled = this.frame();
    this.isFollowing = false;
  }

  /**
   * Whether the frame of the address still holds. It does for what is shown first: who shared a view has chosen its frame.
   * @returns {boolean} True once.
   */
  takeLinkedFrame() {
    const { isFromLink } = this;
    this.isFromLink = false;
    return isFromLink;
  }

  /** Show the whole city. */
  showCity() {
    this.map.fitBounds(this.atlas.config.bounds);
  }

  /**
   * Look at a place.
   * @param {{bounds?: number[][], lat?: number, lon?: number, zoom?: number}} focus A frame, or a point with its least zoom.
   */
  goTo(focus) {
    if (focus.bounds) this.map.fitBounds(focus.bounds, { maxZoom: 15 });
    else this.map.setView([focus.lat, focus.lon], Math.max(this.map.getZoom(), focus.zoom || 13));
  }

  /**
   * Look where another map looks. What this map was told is not told back.
   * @param {{lat: number, lng: number, zoom: number}} view The other map's view.
   */
  follow({ lat, lng, zoom }) {
    this.isFollowing = true;
    const offset = this.map.latLngToContainerPoint([lat, lng]).subtract(this.map.getSize().divideBy(2));
    const isNear = zoom === this.map.getZoom() && Math.hypot(offset.x, offset.y) < JUMP_PIXELS;
    if (isNear) this.map.panBy(offset, { animate: false });
    else this.map.setView([lat, lng], zoom, { animate: false });
    this.isFollowing = false;
  }

  /** Tell the other map of a pair where this one looks. */
  announceMove() {
    if (this.isFollowing || !this.atlas.state.paired) return;
    const { lat, lng } = this.map.getCenter();
    this.atlas.messages.send("move", { view: { lat, lng, zoom: this.map.getZoom() } });
  }

  /** @returns {string} Where the map looks, as an address has it: `map=zoom/lat/lon`. */
  frame() {
    const { lat, lng } = this.map.getCenter();
    return `map=${this.map.getZoom()}/${lat.toFixed(FRAME_DIGITS)}/${lng.toFixed(FRAME_DIGITS)}`;
  }

  /** Write the view into the address, or tell the page that has one. */
  announceView() {
    if (this.isFollowing) return;
    const at = this.frame();
    if (at === this.settled) return; // the browser tells of the new size a moment later
    this.settled = "";
    if (this.atlas.messages.isAlone) history.replaceState(null, "", `#${at}`);
    this.atlas.messages.send("view", { at });
  }
}

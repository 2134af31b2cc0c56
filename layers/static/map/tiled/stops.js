/* What the keyboard reaches of tiles: elements on the places nearest to the middle of the map, in the order of hands.js. Where all that is in
 * sight are so few, they have the signs of small layers; else they are not seen, and the marks of the tiles are. The pointer goes through them. */
import { element } from "../../shared/dom.js";
import { onPress, nameMarker } from "../markers.js";
import { nameOfPlace, signOf } from "./signs.js";

const MOST = 50; // places: more are no help to who goes from one to the next
const ON_TOP = 100000; // above the tiles of their pane: Leaflet orders markers by their height on the screen

/** Stops of one layer. */
export class Stops {
  /** @param {object} tiles The layer (tiles.js): its places, names and signs, and what a press does. */
  constructor(tiles) {
    this.tiles = tiles;
    this.map = tiles.atlas.map;
    this.held = new Map();
    this.isAwaited = false; // whether the stop that had the focus is gone
    this.unreached = element("span");
    this.unreached.id = `atlas-unreached-${tiles.layer.id}`;
    this.unreached.hidden = true;
    this.map.getContainer().append(this.unreached);
  }

  /**
   * Show the stops of what is in sight.
   * @param {Map<string, import("./signs.js").Place>} places The places by a name that stays when the map moves.
   * @returns {string} How many cannot be reached; empty where all can.
   */
  show(places) {
    const nearest = [...places].sort(([, one], [, other]) => one.away - other.away).slice(0, MOST);
    const wanted = new Map(nearest);
    const rest = places.size - wanted.size;
    for (const { marks } of places.values()) for (const mark of marks) mark.sign = 0;
    for (const [key, stop] of this.held) if (!wanted.has(key)) this.drop(key, stop);
    for (const [key, place] of wanted) this.put(key, place, rest > 0);
    this.unreached.textContent = rest ? this.tiles.atlas.config.text.unreached.replace("{n}", wanted.size).replace("{m}", rest) : "";
    if (this.isAwaited) this.regain();
    return this.unreached.textContent;
  }

  drop(key, { marker }) {
    if (marker.getElement() === document.activeElement) {
      this.isAwaited = true;
      this.map.getContainer().focus();
    }
    marker.remove();
    this.held.delete(key);
  }

  /* Who pressed a mark of several goes on among them. */
  regain() {
    const isFree = document.activeElement === this.map.getContainer();
    const [stop] = this.held.values();
    if (isFree && stop) stop.marker.getElement().focus();
    this.isAwaited = isFree && !stop;
  }

  put(key, place, isPlain) {
    const { layer } = this.tiles;
    const stop = this.held.get(key) || { marker: this.makeMarker(place, layer.id), key: null };
    const name = nameOfPlace(this.tiles, place);
    const { node, size, key: look } = signOf(this.tiles, place, isPlain);
    const isOther = `${look} ${size} ${name}` !== stop.key;
    stop.place = place;
    stop.key = `${look} ${size} ${name}`;
    if (look) for (const mark of place.marks) mark.sign = size / 2;
    if (isOther) stop.marker.setIcon(L.divIcon({ html: node, className: "atlas-symbol-anchor atlas-stop", iconSize: [size, size] }));
    if (!this.held.has(key)) {
      onPress(stop.marker, () => this.tiles.open(stop.place));
      stop.marker.addTo(this.map);
    }
    this.held.set(key, stop);
    if (!stop.marker.getLatLng().equals(place.at)) stop.marker.setLatLng(place.at);
    if (isOther) nameMarker(stop.marker, name);
    stop.marker.getElement().setAttribute("aria-describedby", this.unreached.id);
  }

  /** Take them off the map. */
  remove() {
    this.show(new Map());
    this.unreached.remove();
  }

  makeMarker({ at }, pane) {
    return L.marker(at, { pane, zIndexOffset: ON_TOP, autoPanOnFocus: false });
  }
}

/* Soft discs of features in tiles whose place is not exact, where few are in sight: they reach over the edges of tiles. */
import { softFill } from "../gradients.js";
import { pixelsOf } from "../markers.js";
import { paneOf } from "../panes.js";

const ORDER = -1000000; // below every marker of the layer: Leaflet orders those by their height on the screen
const SMALLEST = 6; // pixels of its radius
const MOST = 200; // on the screen: more hide the map and each other

/** Discs of one layer. */
export class Discs {
  /** @param {object} tiles The layer (tiles.js). */
  constructor(tiles) {
    this.tiles = tiles;
    this.map = tiles.atlas.map;
    this.pane = `${tiles.layer.id}-discs`;
    this.shown = new Map();
    const pane = paneOf(this.map, this.pane, ORDER, tiles.layer.id);
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: this.pane, padding: 0.5 });
  }

  /**
   * How large a disc is.
   * @param {import("./marks.js").Mark} mark A mark.
   * @returns {number} The radius in pixels of a feature whose place is not exact, as wide as its error; 0 for any other, and from far away.
   */
  radiusOf(mark) {
    if (!this.tiles.isVague(mark)) return 0;
    const pixels = pixelsOf(this.map, this.map.getCenter(), mark.props.accuracy);
    return pixels < SMALLEST ? 0 : pixels;
  }

  /**
   * The same, of a disc that is shown.
   * @param {import("./marks.js").Mark} mark A mark.
   * @returns {number} Pixels; 0 where so many are in sight that none is shown.
   */
  shownRadiusOf(mark) {
    return this.shown.size ? this.radiusOf(mark) : 0;
  }

  /**
   * Show the discs of what is in sight, and no others.
   * @param {{tile: object, mark: import("./marks.js").Mark}[]} marks What tiles on the screen draw.
   */
  show(marks) {
    const vague = this.placesOf(marks);
    const wanted = vague.size > MOST ? new Map() : vague;
    for (const [key, disc] of this.shown) {
      if (wanted.has(key)) continue;
      disc.remove();
      this.shown.delete(key);
    }
    for (const [key, place] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, this.disc(place).addTo(this.map));
    }
  }

  disc({ at, accuracy, fill }) {
    return L.circle(at, {
      radius: accuracy, stroke: false, fillOpacity: 1, renderer: this.renderer, pane: this.pane, className: "atlas-disc", fillColor: softFill(fill), interactive: false,
    });
  }

  isInSight(at, radius) {
    const reach = L.point(radius, radius);
    return L.bounds(reach.multiplyBy(-1), this.map.getSize().add(reach)).contains(this.map.latLngToContainerPoint(at));
  }

  /* One disc for all that share a place, as small layers have it: the least sure one decides how large it is. */
  placesOf(marks) {
    const { grid, statuses, layer } = this.tiles;
    const places = new Map();
    for (const { tile, mark } of marks) {
      const { g, accuracy } = mark.props;
      const radius = this.radiusOf(mark);
      const at = radius && grid.placeOf(tile, mark);
      if (!at || !this.isInSight(at, radius)) continue;
      const status = statuses[g];
      const { accuracy: least = 0, fill = status.id } = places.get(String(at)) || {};
      places.set(String(at), { at, accuracy: Math.max(least, accuracy), fill: fill === status.id ? fill : "mixed" });
    }
    const own = layer.style.color && { fill: "base" };
    return new Map([...places].map(([at, place]) => [`${at} ${place.accuracy} ${place.fill}`, { ...place, ...own }]));
  }
}

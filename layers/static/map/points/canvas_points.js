/* Exact points on one canvas, for layers with thousands of them. */
import { fillOf, isOn } from "../markers.js";
import { DRAWINGS } from "../../shared/tokens.js";

const RADIUS = 4; // pixels, and as many around it for a finger
const CHUNK = 2000; // points changed between two frames, so that the page stays responsive

/** One circle for each row that is shown. */
export class CanvasPoints {
  /**
   * @param {object} symbols The drawing that they belong to.
   * @param {Record<string, any>[]} rows Rows with an exact place.
   */
  constructor(symbols, rows) {
    this.symbols = symbols;
    this.renderer = L.canvas({ padding: 0.3, pane: symbols.layer.id, tolerance: RADIUS });
    this.items = rows.map((row) => ({ row, circle: null, wanted: null, drawn: null, isOnMap: false }));
    this.drawingNumber = 0;
  }

  /**
   * Show the rows that pass the filter.
   * @param {boolean} isShown Whether the layer is shown.
   * @param {import("../counts.js").Counts} counts Counts what passes, shown or not.
   * @returns {number} How many are shown.
   */
  draw(isShown, counts) {
    let shown = 0;
    for (const item of this.items) {
      const status = this.symbols.countedStatus(item.row, counts);
      item.wanted = isShown ? status : null;
      if (item.wanted) shown += 1;
    }
    this.drawingNumber += 1;
    this.applyFrom(0, this.drawingNumber);
    return shown;
  }

  /* In chunks between frames: a newer drawing makes an older one stop. */
  applyFrom(start, drawingNumber) {
    if (drawingNumber !== this.drawingNumber) return;
    const end = Math.min(start + CHUNK, this.items.length);
    for (let i = start; i < end; i++) this.apply(this.items[i]);
    if (end < this.items.length) setTimeout(() => this.applyFrom(end, drawingNumber), 0);
  }

  apply(item) {
    const { group } = this.symbols;
    if (!item.wanted) {
      if (item.isOnMap) group.removeLayer(item.circle);
      item.isOnMap = false;
      return;
    }
    if (!item.circle) item.circle = this.circle(item.row, item.wanted);
    else if (item.drawn !== item.wanted) item.circle.setStyle({ fillColor: fillOf(this.symbols.layer, item.wanted) });
    item.drawn = item.wanted;
    if (!item.isOnMap) group.addLayer(item.circle);
    item.isOnMap = true;
  }

  /* What of it lies under the pointer. */
  near(pointer) {
    const { map } = this.symbols.atlas;
    const drawn = this.items.filter(({ row, isOnMap }) => isOnMap && isOn(map, pointer, { at: [row.y, row.x], radius: 2 * RADIUS }));
    return drawn.map(({ row }) => ({ rows: [row], size: 2 * RADIUS }));
  }

  circle(row, status) {
    const circle = L.circleMarker([row.y, row.x], {
      renderer: this.renderer, radius: RADIUS, weight: 1, color: DRAWINGS.rim, fillColor: fillOf(this.symbols.layer, status), fillOpacity: 0.9,
    });
    circle.on("click", (event) => this.symbols.atlas.selection.press([row], circle.getLatLng(), event));
    return circle;
  }
}

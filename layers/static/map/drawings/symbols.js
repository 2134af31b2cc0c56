/* Symbols: exact points, and soft discs for works that share one approximate place. */
import { SymbolGroup } from "../clusters.js";
import { registerDrawing } from "../drawing_registry.js";
import { paneOf } from "../panes.js";
import { CanvasPoints } from "../points/canvas_points.js";
import { ElementPoints } from "../points/element_points.js";
import { SharedPlace } from "../points/shared_place.js";
import { rowsFromColumns } from "../rows.js";

const CANVAS_FROM = 1500; // above this many exact points: one canvas instead of one element each
const DISC_ORDER = -1000000; // below every marker of the layer: Leaflet orders those by their height on the screen

/** Rows with or without a place; those without one are counted and not drawn. */
class Symbols {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.rows = rowsFromColumns(data.columns, atlas.config);
    this.group = new SymbolGroup(atlas);
    const discPane = paneOf(atlas.map, `${layer.id}-discs`, DISC_ORDER, layer.id);
    this.discRenderer = L.svg({ pane: `${layer.id}-discs`, padding: 0.5 });
    discPane.style.pointerEvents = "none"; // of the pane; its shapes answer
    const placed = this.rows.filter((row) => row.x !== null);
    const exact = placed.filter((row) => row.certainty === "exact");
    const PointsClass = exact.length > CANVAS_FROM ? CanvasPoints : ElementPoints;
    this.points = new PointsClass(this, exact);
    this.sharedPlaces = this.groupByPlace(placed.filter((row) => row.certainty !== "exact"));
    this.unplaced = this.rows.filter((row) => row.x === null);
  }

  groupByPlace(rows) {
    const places = new Map();
    for (const row of rows) {
      const key = `${row.x},${row.y}`;
      if (!places.has(key)) places.set(key, new SharedPlace(this, row));
      places.get(key).add(row);
    }
    return [...places.values()];
  }

  draw(isShown, counts) {
    let shown = this.points.draw(isShown, counts);
    for (const place of this.sharedPlaces) shown += place.draw(isShown, counts);
    for (const row of this.unplaced) this.countedStatus(row, counts);
    return shown;
  }

  /* Status of a row that passes the filter, counted where this layer is counted; null where it does not pass. */
  countedStatus(row, counts) {
    const status = this.atlas.visibleStatus(row);
    if (status && this.layer.counted) counts.addWork(row, status);
    return status;
  }

  near(pointer) {
    return [...this.points.near(pointer), ...this.sharedPlaces.flatMap((place) => place.near(pointer))];
  }

  placeOf(id) {
    const row = this.rows.find((each) => each.id === id && each.x !== null);
    return row && { at: L.latLng(row.y, row.x) };
  }

  remove() {
    this.group.remove();
  }
}

registerDrawing("symbols", Symbols);

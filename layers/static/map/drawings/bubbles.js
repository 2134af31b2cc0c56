/* Bubbles: totals that were reported without names, in proportion, on the land of their district. */
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";
import { drawnIcon, isOn, nameMarker, nameRows, onPress, showIn } from "../markers.js";
import { rowsFromColumns } from "../rows.js";

const LEAST_RADIUS = 13; // pixels
const LEAST_GAP = 30; // pixels between the middles of two bubbles; nearer ones are one bubble

/**
 * The number of a total on a day: what was reported as done by then, else what was planned by then.
 * @param {number[][]} quantities `[day from which it is known, value, confirmed]`, the earliest first.
 * @param {number} day Such as 20211231.
 * @returns {{value: number, isDone: boolean} | null} The number, and whether it is one of works that are done; null
 *   where nobody had reported any by then.
 */
export function totalOn(quantities, day) {
  const known = quantities.filter(([since]) => since <= day);
  const done = known.filter(([_since, _value, confirmed]) => confirmed);
  const last = done.at(-1) || known.at(-1);
  return last ? { value: last[1], isDone: Boolean(last[2]) } : null;
}

/**
 * Bubbles of one district that stand too near to each other for the zoom level become one, at the place of the first.
 * @param {{x: number, y: number}[]} points Where they stand, in pixels.
 * @param {number} leastGap How near two may stand.
 * @returns {number[][]} Positions in `points`, a list for each bubble that is drawn.
 */
export function joinNear(points, leastGap) {
  const groups = [];
  points.forEach((point, i) => {
    const near = groups.find(([first]) => Math.hypot(points[first].x - point.x, points[first].y - point.y) < leastGap);
    if (near) near.push(i);
    else groups.push([i]);
  });
  return groups;
}

const largestValue = (quantities) => Math.max(...quantities.map(([_since, value]) => value));

/**
 * The radius of the bubble of a total.
 * @param {{quantities: number[][]}} row The total.
 * @param {{largest: number, most: number}} scale The largest number of its category, which has the radius `most`.
 * @returns {number} Pixels.
 */
export function bubbleRadius({ quantities }, { largest, most }) {
  return Math.max(LEAST_RADIUS, most * Math.sqrt(largestValue(quantities) / largest));
}

/**
 * A bubble.
 * @param {{value: number, isDone: boolean}} total What it says (totalOn).
 * @param {{radius: number, sign: string}} look Pixels; the sign below the number.
 * @returns {HTMLElement} It.
 */
export function bubbleNode({ value, isDone }, { radius, sign }) {
  const node = element("span", `atlas-bubble atlas-bubble-${isDone ? "done" : "planned"}`);
  node.style.setProperty("--r", `${radius}px`);
  node.append(element("b", "", String(value)), element("small", "", sign));
  return node;
}

/**
 * What a total is called.
 * @param {{name: string, unit: string}} row The total.
 * @param {{value: number, isDone: boolean}} total What it says on the day (totalOn).
 * @param {Record<string, string>} text The map's texts.
 * @returns {string} Its name.
 */
export function totalName({ name, unit }, { value, isDone }, text) {
  return `${name} · ${isDone ? text.reported : text.planned} ${value} ${unit} · ${text.unplaced}`;
}

/** A bubble for each total, or for several of one district; the largest of a category has the declared radius. */
class Bubbles {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.group = L.layerGroup().addTo(atlas.map);
    const rows = rowsFromColumns(data.columns, atlas.config);
    this.largest = new Map();
    for (const { category, quantities } of rows) {
      this.largest.set(category, Math.max(this.largest.get(category) || 0, largestValue(quantities)));
    }
    this.districts = new Map();
    for (const row of rows) {
      const place = row.districts.join("|");
      this.districts.set(place, [...(this.districts.get(place) || []), { row, marker: null, key: "" }]);
    }
    this.visible = new Map();
    atlas.map.on("zoomend", this.place, this);
  }

  draw(isShown) {
    let shown = 0;
    for (const [place, items] of this.districts) {
      const visible = isShown ? items.map((item) => ({ item, total: this.totalOf(item.row) })).filter(({ total }) => total) : [];
      this.visible.set(place, visible);
      shown += visible.length;
    }
    this.place();
    return shown;
  }

  totalOf(row) {
    return this.atlas.filter.passesTotal(row) ? totalOn(row.quantities, this.atlas.state.day) : null;
  }

  /* The largest first: it stands for the others where they are joined. */
  place() {
    const { map } = this.atlas;
    for (const [place, items] of this.districts) {
      const visible = [...this.visible.get(place)].sort((one, other) => other.total.value - one.total.value);
      const points = visible.map(({ item }) => map.project([item.row.y, item.row.x]));
      const groups = joinNear(points, LEAST_GAP).map((group) => group.map((i) => visible[i]));
      const first = new Set(groups.map(([{ item }]) => item));
      for (const item of items) if (!first.has(item)) showIn(this.group, item.marker, false);
      for (const group of groups) this.show(group);
    }
  }

  show(group) {
    const [{ item, total }, ...others] = group;
    const { row } = item;
    if (!item.marker) {
      item.marker = L.marker([row.y, row.x], { pane: this.layer.id });
      onPress(item.marker, (event) => this.atlas.selection.press(this.rowsOf(item), item.marker.getLatLng(), event));
    }
    item.group = group;
    const key = JSON.stringify(group.map((each) => [each.item.row.id, each.total]));
    if (item.key !== key) this.redraw(item, total, others);
    item.key = key;
    showIn(this.group, item.marker, true);
  }

  rowsOf({ group }) {
    return group.map((each) => each.item.row);
  }

  near(pointer) {
    const { map } = this.atlas;
    const items = [...this.districts.values()].flat().filter(({ row, marker }) => marker && map.hasLayer(marker)
      && isOn(map, pointer, { at: marker.getLatLng(), radius: this.radiusOf(row) }));
    return items.map((item) => ({ rows: this.rowsOf(item), size: 2 * this.radiusOf(item.row) }));
  }

  /* The colour says whether the number is one of works that are done; so does the name. */
  redraw({ row, marker, group }, total, others) {
    const radius = this.radiusOf(row);
    const node = bubbleNode(total, { radius, sign: others.length ? `+${others.length}` : this.atlas.glyphOf(row) });
    nameRows(node, this.rowsOf({ group }));
    marker.setIcon(drawnIcon(node, 2 * radius));
    nameMarker(marker, group.map(({ item, total: each }) => totalName(item.row, each, this.atlas.config.text)).join("; "));
  }

  radiusOf(row) {
    return bubbleRadius(row, { largest: this.largest.get(row.category), most: this.layer.style.max_radius });
  }

  remove() {
    this.atlas.map.off("zoomend", this.place, this);
    this.group.remove();
  }
}

registerDrawing("bubbles", Bubbles);

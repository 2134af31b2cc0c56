/* Bubbles: totals that were reported without names, in proportion, beside the name of their district. */
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";
import { drawnIcon, nameMarker, onPress } from "../markers.js";
import { rowsFromColumns } from "../rows.js";

const LEAST_RADIUS = 13; // pixels
const STEP_PIXELS = 44; // between bubbles of one district

/**
 * The number of a total on a day: what was reported as done by then, else what was planned.
 * @param {number[][]} quantities `[day, value, confirmed]`, the earliest first.
 * @param {number} day Such as 20211231.
 * @returns {{value: number, isDone: boolean}} The number, and whether it is one of works that are done.
 */
export function totalOn(quantities, day) {
  const done = quantities.filter(([at, _value, confirmed]) => confirmed && at <= day);
  if (done.length) return { value: done.at(-1)[1], isDone: true };
  const planned = quantities.filter(([_at, _value, confirmed]) => !confirmed);
  const value = planned.length ? planned.at(-1)[1] : largestValue(quantities);
  return { value, isDone: false };
}

const largestValue = (quantities) => Math.max(...quantities.map(([_day, value]) => value));

/** One bubble for each total; the largest of a category has the declared radius. */
class Bubbles {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.group = L.layerGroup().addTo(atlas.map);
    const rows = rowsFromColumns(data.columns, atlas.config);
    const largest = new Map();
    for (const { category, quantities } of rows) {
      largest.set(category, Math.max(largest.get(category) || 0, largestValue(quantities)));
    }
    this.items = rows.map((row) => {
      const share = largestValue(row.quantities) / largest.get(row.category);
      return { row, radius: Math.max(LEAST_RADIUS, layer.style.max_radius * Math.sqrt(share)), marker: null, key: "" };
    });
  }

  draw(isShown) {
    let shown = 0;
    const slots = new Map();
    for (const item of this.items) {
      if (!isShown || !this.atlas.filter.passesTotal(item.row)) {
        item.marker?.remove();
        continue;
      }
      shown += 1;
      const place = item.row.districts.join("|");
      const slot = slots.get(place) || 0;
      slots.set(place, slot + 1);
      this.show(item, slot);
    }
    return shown;
  }

  show(item, slot) {
    const { row } = item;
    if (!item.marker) {
      item.marker = L.marker([row.y, row.x], { pane: this.layer.id });
      onPress(item.marker, () => this.atlas.selection.select(row, item.marker.getLatLng()));
    }
    const total = totalOn(row.quantities, this.atlas.state.day);
    const key = `${total.isDone} ${total.value} ${slot}`;
    if (item.key !== key) this.redraw(item, total, slot);
    item.key = key;
    if (!this.group.hasLayer(item.marker)) item.marker.addTo(this.group);
  }

  /* The word beside the number says whether it is done or planned. */
  redraw({ row, radius, marker }, { value, isDone }, slot) {
    const { text } = this.atlas.config;
    const node = element("span", `atlas-bubble atlas-bubble-${isDone ? "done" : "planned"}`);
    node.style.setProperty("--r", `${radius}px`);
    node.append(element("b", "", String(value)), element("small", "", this.atlas.glyphOf(row)));
    marker.setIcon(drawnIcon(node, 2 * radius, [radius - STEP_PIXELS * (slot - 0.5), -12]));
    nameMarker(marker, `${row.name} · ${isDone ? text.reported : text.planned} ${value} ${row.unit} · ${text.unplaced}`);
  }

  remove() {
    this.group.remove();
  }
}

registerDrawing("bubbles", Bubbles);

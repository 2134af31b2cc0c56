/* Exact points as elements of the page: each can be reached with the keyboard. */
import { element } from "../../shared/dom.js";
import { drawnIcon, nameMarker, onPress } from "../markers.js";

/** One marker for each row that is shown. */
export class ElementPoints {
  /**
   * @param {object} symbols The drawing that they belong to.
   * @param {Record<string, any>[]} rows Rows with an exact place.
   */
  constructor(symbols, rows) {
    this.symbols = symbols;
    this.items = rows.map((row) => ({ row, marker: null, status: null }));
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
      if (isShown && status) {
        shown += 1;
        this.show(item, status);
      } else item.marker?.remove();
    }
    return shown;
  }

  show(item, status) {
    const { atlas, layer, group } = this.symbols;
    const { row } = item;
    if (!item.marker) {
      item.marker = L.marker([row.y, row.x], { pane: layer.id });
      onPress(item.marker, () => atlas.selection.select(row, item.marker.getLatLng()));
    }
    if (item.status !== status) {
      item.marker.setIcon(this.icon(row, status));
      nameMarker(item.marker, row.name);
      item.status = status;
    }
    if (!group.hasLayer(item.marker)) item.marker.addTo(group);
  }

  icon(row, status) {
    const { atlas, layer } = this.symbols;
    const node = element("span", `atlas-symbol atlas-is-${status.id}`);
    node.style.setProperty("--fill", layer.style.color || status.fill);
    node.style.setProperty("--ink", status.ink);
    if (layer.style.glyph) {
      node.textContent = atlas.glyphOf(row);
      node.append(element("i", "atlas-symbol-mark", status.mark));
    }
    return drawnIcon(node, layer.style.size);
  }
}

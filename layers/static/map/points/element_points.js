/* Exact points as elements of the page: each can be reached with the keyboard. */
import { element } from "../../shared/dom.js";
import { setMembers } from "../clusters.js";
import { drawnIcon, fillOf, isOn, nameMarker, nameRows, onPress, showIn } from "../markers.js";

/**
 * The symbol of an exact point: the sign of its category in the colour of its status, with the status's own mark.
 * @param {{atlas: object, layer: object}} symbols The map and the layer.
 * @param {Record<string, any>} row The row.
 * @param {object} status Its declared status.
 * @returns {HTMLElement} The symbol.
 */
export function symbolNode({ atlas, layer }, row, status) {
  const node = element("span", `atlas-symbol atlas-is-${status.id}`);
  node.style.setProperty("--fill", fillOf(layer, status));
  node.style.setProperty("--ink", status.ink);
  if (layer.style.glyph) {
    node.textContent = atlas.glyphOf(row);
    node.append(element("i", "atlas-symbol-mark", status.mark));
  }
  nameRows(node, [row]);
  return node;
}

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
      } else showIn(this.symbols.group, item.marker, false);
    }
    return shown;
  }

  show(item, status) {
    const { atlas, layer, group } = this.symbols;
    const { row } = item;
    if (!item.marker) {
      item.marker = L.marker([row.y, row.x], { pane: layer.id });
      setMembers(item.marker, { layer, rows: () => [row], status: () => item.status });
      onPress(item.marker, (event) => atlas.selection.press([row], item.marker.getLatLng(), event));
    }
    if (item.status !== status) {
      item.marker.setIcon(this.icon(row, status));
      nameMarker(item.marker, row.name);
      item.status = status;
    }
    showIn(group, item.marker, true);
  }

  /* What of it lies under the pointer. */
  near(pointer) {
    const { atlas: { map }, layer: { style } } = this.symbols;
    const drawn = this.items.filter(({ row, marker }) => marker && map.hasLayer(marker)
      && isOn(map, pointer, { at: [row.y, row.x], radius: style.size / 2 }));
    return drawn.map(({ row }) => ({ rows: [row], size: style.size }));
  }

  icon(row, status) {
    return drawnIcon(symbolNode(this.symbols, row, status), this.symbols.layer.style.size);
  }
}

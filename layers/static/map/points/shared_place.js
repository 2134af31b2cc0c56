/* All works whose best place is the same approximate point: one soft disc, and one badge with their number. */
import { element } from "../../shared/dom.js";
import { setMembers } from "../clusters.js";
import { softFill } from "../gradients.js";
import { drawnIcon, isOn, nameMarker, nameRows, onPress, pixelsOf, showIn } from "../markers.js";

/** Width and height of a badge. */
export const BADGE_PIXELS = 26;

/**
 * The badge of works that share an approximate place: their number, or the sign of the only one, with the mark of their one status.
 * @param {object} atlas The map.
 * @param {Record<string, any>[]} rows The works.
 * @param {object | null} status Their declared status; null where they differ.
 * @returns {HTMLElement} The badge.
 */
export function badgeNode(atlas, rows, status) {
  const node = element("span", "atlas-badge", rows.length === 1 ? atlas.glyphOf(rows[0]) : String(rows.length));
  nameRows(node, rows);
  if (status) node.append(element("i", "atlas-symbol-mark", status.mark));
  return node;
}

/**
 * What is said of works that share a place.
 * @param {Record<string, any>[]} rows The works.
 * @param {Record<string, string>} text The map's texts.
 * @returns {string} The name of the only one, or their number.
 */
export function sharedName(rows, text) {
  return rows.length === 1 ? rows[0].name : `${rows.length} ${text.works_here}`;
}

/** One approximate place and its works. */
export class SharedPlace {
  /**
   * @param {object} symbols The drawing that it belongs to.
   * @param {{x: number, y: number}} row A work there.
   */
  constructor(symbols, row) {
    this.symbols = symbols;
    this.at = L.latLng(row.y, row.x);
    this.rows = [];
    this.visibleRows = [];
    this.accuracy = 0;
    this.badgeKey = "";
    this.status = null;
  }

  /**
   * Add a work.
   * @param {Record<string, any>} row The work; the least sure one decides how large the disc is.
   */
  add(row) {
    this.rows.push(row);
    this.accuracy = Math.max(this.accuracy, row.accuracy || 0);
  }

  /**
   * Show the works that pass the filter.
   * @param {boolean} isShown Whether the layer is shown.
   * @param {import("../counts.js").Counts} counts Counts what passes, shown or not.
   * @returns {number} How many works are shown.
   */
  draw(isShown, counts) {
    const statuses = new Set();
    this.visibleRows = this.rows.filter((row) => {
      const status = this.symbols.countedStatus(row, counts);
      if (status) statuses.add(status);
      return status;
    });
    if (!isShown || !this.visibleRows.length) {
      this.hide();
      return 0;
    }
    this.show(statuses.size === 1 ? [...statuses][0] : null);
    return this.visibleRows.length;
  }

  /* `status` is that of all works here, or null where they differ. */
  show(status) {
    const { group, layer } = this.symbols;
    this.status = status;
    const fill = softFill(layer.style.color ? "base" : status?.id || "mixed");
    this.disc ??= this.makeDisc(fill);
    this.disc.setStyle({ fillColor: fill });
    showIn(group, this.disc, true);
    if (this.disc.getElement()) nameRows(this.disc.getElement(), this.visibleRows);
    if (layer.style.badges !== false) this.showBadge(status);
  }

  makeDisc(fill) {
    const disc = L.circle(this.at, {
      radius: this.accuracy, stroke: false, fillOpacity: 1, renderer: this.symbols.discRenderer, pane: `${this.symbols.layer.id}-discs`, fillColor: fill, className: "atlas-disc",
    });
    disc.on("click", (event) => this.open(event));
    return disc;
  }

  showBadge(status) {
    const { atlas, group, layer } = this.symbols;
    if (!this.badge) {
      this.badge = L.marker(this.at, { pane: layer.id });
      setMembers(this.badge, { layer, rows: () => this.visibleRows, status: () => this.status });
      onPress(this.badge, (event) => this.open(event));
    }
    const key = `${status?.id}:${this.visibleRows.length}`;
    if (key !== this.badgeKey) {
      this.badge.setIcon(drawnIcon(badgeNode(atlas, this.visibleRows, status), BADGE_PIXELS));
      nameMarker(this.badge, sharedName(this.visibleRows, atlas.config.text));
      this.badgeKey = key;
    }
    showIn(group, this.badge, true);
  }

  hide() {
    const { group } = this.symbols;
    showIn(group, this.disc, false);
    showIn(group, this.badge, false);
  }

  open(event) {
    this.symbols.atlas.selection.press(this.visibleRows, this.at, event);
  }

  /* Its works, where its badge or its disc lies under the pointer. */
  near(pointer) {
    const { map } = this.symbols.atlas;
    if (!this.disc || !map.hasLayer(this.disc)) return [];
    const onBadge = this.badge && map.hasLayer(this.badge) && isOn(map, pointer, { at: this.at, radius: BADGE_PIXELS / 2 });
    const radius = pixelsOf(map, this.at, this.accuracy);
    if (!onBadge && !isOn(map, pointer, { at: this.at, radius })) return [];
    return [{ rows: this.visibleRows, size: onBadge ? BADGE_PIXELS : 2 * radius }];
  }
}

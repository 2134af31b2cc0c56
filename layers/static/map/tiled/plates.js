/* The names of lines in tiles, each on a plate where small layers have it. */
import { linePlate } from "../drawings/lines.js";

/** Plates of one layer. */
export class Plates {
  /** @param {L.Map} map The map. */
  constructor(map) {
    this.map = map;
    this.shown = new Map();
  }

  /**
   * Show the plates of lines, and of no others.
   * @param {Record<string, any>[]} lines What tiles say of the lines in sight: `short`, `own`, `at`, and the zoom `from` which on it has room.
   */
  show(lines) {
    const zoom = this.map.getZoom();
    const wanted = new Map(lines.filter(({ from }) => from <= zoom).map((line) => [line.id, line]));
    for (const [id, plate] of this.shown) {
      if (wanted.has(id)) continue;
      plate.remove();
      this.shown.delete(id);
    }
    for (const [id, line] of wanted) {
      if (!this.shown.has(id)) this.shown.set(id, linePlate({ ...line, at: JSON.parse(line.at) }, this.map).addTo(this.map));
    }
  }
}

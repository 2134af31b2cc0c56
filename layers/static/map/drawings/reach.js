/* Reach: facilities and the land that they serve within a declared radius. */
import { ServedDiscs } from "../coverage/served_discs.js";
import { registerDrawing } from "../drawing_registry.js";
import { rowsFromColumns } from "../rows.js";

/** A layer of served land; its style has `radius` in metres, and `walk` where the distance is one along streets. */
class Reach {
  constructor(atlas, layer, data) {
    this.style = layer.style;
    this.rows = rowsFromColumns(data.columns, atlas.config);
    const showCard = (row, at) => atlas.selection.open(row, L.latLng(at));
    this.discs = new ServedDiscs(atlas.map, atlas.config.text, showCard);
  }

  draw(isShown) {
    this.discs.draw(isShown ? this.rows : []);
    this.discs.grow(this.style.radius, this.style.walk);
    return this.discs.circles.length;
  }

  remove() {
    this.discs.remove();
  }
}

registerDrawing("reach", Reach);

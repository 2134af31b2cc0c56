/* Gaps: land that nothing serves, the largest with their rank. */
import { GapShapes } from "../coverage/gap_shapes.js";
import { registerDrawing } from "../drawing_registry.js";

/** A layer of gaps; its style has `count`, how many are outlined, and `walk` where the others are tinted. */
class Gaps {
  constructor(atlas, layer, data) {
    this.features = data.features;
    this.options = { count: layer.style.count, isWalk: layer.style.walk };
    this.shapes = new GapShapes(atlas.map, atlas.config);
  }

  draw(isShown) {
    return this.shapes.draw(isShown ? this.features : [], this.options);
  }

  remove() {
    this.shapes.remove();
  }
}

registerDrawing("gaps", Gaps);

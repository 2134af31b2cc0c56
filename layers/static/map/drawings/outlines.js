/* Outlines: of works in the colour of the status, of others in their own; beneath the symbol that is counted and clicked. */
import { registerDrawing } from "../drawing_registry.js";
import { showIn } from "../markers.js";
import { plainRow } from "../rows.js";

const FILL = 0.18;

/** Polygons that the filter and the day show. */
class Outlines {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.color = layer.style.color;
    this.group = L.layerGroup().addTo(atlas.map);
    const renderer = L.svg({ pane: layer.id, padding: 0.5 });
    const style = { renderer, interactive: false, weight: layer.style.width, fillOpacity: FILL, className: "atlas-outline" };
    this.items = data.features.map((feature) => ({
      row: plainRow(feature.properties, atlas.config),
      shape: L.geoJSON(feature, { style }),
    }));
  }

  draw(isShown) {
    let shown = 0;
    for (const { row, shape } of this.items) {
      const status = this.atlas.visibleStatus(row);
      const isVisible = Boolean(isShown && status);
      if (isVisible) {
        shown += 1;
        const color = row.history ? status.fill : this.color;
        shape.setStyle({ color, fillColor: color });
      }
      showIn(this.group, shape, isVisible);
    }
    return shown;
  }

  remove() {
    this.group.remove();
  }
}

registerDrawing("outlines", Outlines);

/* Areas: districts and lakes, shaded by a share where a page asks for it. */
import { themedStyle } from "../../shared/dark.js";
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";

/** Polygons without interaction, with their names where the declaration wants labels. */
class Areas {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.style = layer.style;
    this.group = L.geoJSON(data, {
      pane: layer.id, interactive: false, color: this.style.stroke, weight: this.style.width,
      fillColor: this.style.fill, fillOpacity: 1,
    }).addTo(atlas.map);
    this.labels = L.layerGroup();
    this.names = [];
    if (!this.style.labels) return;
    for (const { properties } of data.features) this.addLabel(properties);
    this.labels.addTo(atlas.map);
    atlas.map.on("zoomend", this.showLabels, this);
    this.showLabels();
  }

  /* A name is there from the zoom on at which it touches no other. */
  showLabels() {
    const zoom = this.atlas.map.getZoom();
    for (const { marker, from } of this.names) {
      if (from !== null && zoom >= from) this.labels.addLayer(marker);
      else this.labels.removeLayer(marker);
    }
  }

  addLabel({ name, at, from }) {
    const icon = L.divIcon({ className: "atlas-place-anchor", html: element("span", "atlas-place", name), iconSize: [0, 0] });
    const marker = L.marker([at[1], at[0]], { icon, interactive: false, keyboard: false, pane: "shadowPane" });
    this.names.push({ marker, from });
  }

  draw() {
    const { shade } = this.atlas.state;
    const style = themedStyle(this.style);
    const plainOpacity = this.atlas.hasTiles ? 0 : 1;
    this.group.eachLayer((shape) => {
      const share = style.shade && shade ? shade[shape.feature.properties.id] : undefined;
      const isShaded = share !== undefined;
      shape.setStyle({
        color: style.stroke,
        fillColor: isShaded ? style.shade : style.fill,
        fillOpacity: isShaded ? 0.08 + 0.62 * share : plainOpacity,
      });
    });
    return this.group.getLayers().length;
  }

  remove() {
    this.atlas.map.off("zoomend", this.showLabels, this);
    this.group.remove();
    this.labels.remove();
  }
}

registerDrawing("areas", Areas);

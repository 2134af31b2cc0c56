/* Names of the base map: each from the zoom on that was worked out for it (layers/map/label_zooms.py), so none touches another. */
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";

const MARGIN = 0.1; // share of the frame around it in which names are there before they are seen

/**
 * A name of the base map.
 * @param {{name: string, kind: string, at: L.LatLng}} place What it says, of what, and where.
 * @param {string} pane The pane of its layer.
 * @returns {L.Marker} It.
 */
export function nameOnMap({ name, kind, at }, pane) {
  const html = element("span", `atlas-name atlas-name-${kind}`, name);
  const icon = L.divIcon({ className: "atlas-name-anchor", html, iconSize: [0, 0] });
  return L.marker(at, { icon, interactive: false, keyboard: false, pane });
}

/** Names within the frame; those that have left it are removed, so that a page never holds thousands. */
class Names {
  constructor(atlas, layer, { columns }) {
    this.atlas = atlas;
    this.pane = layer.id;
    this.names = columns.name.map((name, i) => ({
      name, kind: columns.kind[i], zoom: columns.zoom[i], at: L.latLng(columns.y[i], columns.x[i]), marker: null,
    }));
    this.group = L.layerGroup().addTo(atlas.map);
    atlas.map.on("moveend", this.refresh, this);
  }

  draw() {
    return this.refresh();
  }

  refresh() {
    const { map } = this.atlas;
    const frame = map.getBounds().pad(MARGIN);
    let shown = 0;
    for (const each of this.names) {
      if (!this.atlas.hasTiles && each.zoom <= map.getZoom() && frame.contains(each.at)) {
        each.marker ??= nameOnMap(each, this.pane);
        each.marker.addTo(this.group);
        shown += 1;
      } else if (each.marker) this.group.removeLayer(each.marker);
    }
    return shown;
  }

  remove() {
    this.atlas.map.off("moveend", this.refresh, this);
    this.group.remove();
  }
}

registerDrawing("names", Names);

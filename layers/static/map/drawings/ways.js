/* Ways: the base map's roads and railways, the longer ones first; hidden where tiles have better ones. */
import { themedStyle } from "../../shared/dark.js";
import { registerDrawing } from "../drawing_registry.js";

const EDGE_PIXELS = 1.6; // by how much the edge of a road is wider than the road

/**
 * Width of a way on the screen.
 * @param {{kind: string, from: number}} way The way; `from` is the zoom at which it appears.
 * @param {number} zoom The map's zoom.
 * @returns {number} Pixels: a way grows with the zoom, and stays thinner than one that appeared before it.
 */
export function wayPixels({ kind, from }, zoom) {
  const width = 1 + 0.55 * (zoom - from);
  return Math.min(Math.max(width, 0.8), kind === "rail" ? 2 : 9);
}

/** Lines on one canvas that nobody can click. */
class Ways {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    const renderer = L.canvas({ pane: layer.id, padding: 0.2 });
    const options = { renderer, interactive: false, smoothFactor: 1.5, lineCap: "round" };
    this.ways = data.features.map((feature) => ({
      ...feature.properties,
      parts: ["edge", "color"].map((name) => ({ name, line: L.geoJSON(feature, { style: options }) })),
    })).sort((a, b) => b.from - a.from);
    atlas.map.on("zoomend", this.refresh, this);
  }

  draw() {
    return this.refresh();
  }

  refresh() {
    const { map } = this.atlas;
    const zoom = map.getZoom();
    const style = themedStyle(this.layer.style);
    let shown = 0;
    for (const part of [0, 1]) {
      for (const way of this.ways) {
        const { name, line } = way.parts[part];
        if (this.atlas.hasTiles || way.from > zoom) {
          line.remove();
          continue;
        }
        const extra = name === "edge" && way.kind === "road" ? EDGE_PIXELS : 0;
        line.setStyle({ color: style[way.kind][name], weight: wayPixels(way, zoom) + extra });
        line.addTo(map);
        shown += part;
      }
    }
    return shown;
  }

  remove() {
    this.atlas.map.off("zoomend", this.refresh, this);
    for (const { parts } of this.ways) for (const { line } of parts) line.remove();
  }
}

registerDrawing("ways", Ways);

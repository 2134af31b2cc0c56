/* Lines: a line dashed by status, over a halo as wide as the error of its place. */
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";
import { nameRows, showIn } from "../markers.js";
import { plainRow } from "../rows.js";

const EQUATOR_METRES = 40075016.686;
const WIDEST_HALO = 600; // pixels
const FINGER = 6; // pixels around a line

/**
 * Width on the screen of a halo that reaches so far to both sides.
 * @param {number} metres How far.
 * @param {{latitude: number, zoom: number}} view Where on the map, in degrees, and the zoom level.
 * @returns {number} Pixels.
 */
export function haloPixels(metres, { latitude, zoom }) {
  const metresPerPixel = (EQUATOR_METRES * Math.cos(latitude * (Math.PI / 180))) / 2 ** (zoom + 8);
  return Math.min((2 * metres) / metresPerPixel, WIDEST_HALO);
}

/** Works that are lines, and lines that are no works. */
class Lines {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.group = L.layerGroup().addTo(atlas.map);
    const renderer = L.svg({ pane: layer.id, padding: 0.5 });
    this.items = data.features.map((feature) => this.makeItem(feature, renderer));
    if (layer.style.halo) atlas.map.on("zoomend", this.widenHalos, this);
  }

  makeItem(feature, renderer) {
    const { style } = this.layer;
    const row = plainRow(feature.properties, this.atlas.config);
    const halo = L.geoJSON(feature, { style: { renderer, interactive: false, opacity: 0.13, lineCap: "round", lineJoin: "round" } });
    const line = L.geoJSON(feature, { style: { renderer, weight: style.width, color: style.color } });
    line.bindTooltip(() => element("span", "", row.name), { sticky: true });
    line.on("click", (event) => this.atlas.selection.press([row], event.latlng, event));
    return { row, halo, line };
  }

  draw(isShown, counts) {
    let shown = 0;
    for (const item of this.items) {
      const status = this.atlas.visibleStatus(item.row);
      if (status && this.layer.counted) counts.addWork(item.row, status);
      if (isShown && status) {
        shown += 1;
        this.show(item, status);
      } else {
        showIn(this.group, item.halo, false);
        showIn(this.group, item.line, false);
      }
    }
    return shown;
  }

  show({ row, halo, line }, status) {
    if (!this.layer.style.color) {
      line.setStyle({ color: status.fill, dashArray: status.dash });
      halo.setStyle({ color: status.fill });
    }
    if (this.layer.style.halo && row.accuracy > 0) {
      halo.setStyle({ weight: this.haloWidth(row, line) });
      showIn(this.group, halo, true);
    }
    showIn(this.group, line, true);
    line.eachLayer((path) => nameRows(path.getElement(), [row]));
  }

  near(pointer) {
    const { map } = this.atlas;
    const at = map.containerPointToLayerPoint(pointer);
    const isNear = ({ line }) => map.hasLayer(line)
      && line.getLayers().some((path) => path.closestLayerPoint(at)?.distance <= this.layer.style.width / 2 + FINGER);
    return this.items.filter(isNear).map(({ row }) => ({ rows: [row], size: Infinity }));
  }

  /* By its own latitude, not by that of the screen's middle: the same view is the same picture, however one came to it. */
  haloWidth(row, line) {
    return haloPixels(row.accuracy, { latitude: line.getBounds().getCenter().lat, zoom: this.atlas.map.getZoom() });
  }

  widenHalos() {
    for (const { row, halo, line } of this.items) halo.setStyle({ weight: this.haloWidth(row, line) });
  }

  placeOf(id) {
    const item = this.items.find((each) => each.row.id === id);
    return item && { at: item.line.getBounds().getCenter(), bounds: item.line.getBounds() };
  }

  remove() {
    this.atlas.map.off("zoomend", this.widenHalos, this);
    this.group.remove();
  }
}

registerDrawing("lines", Lines);

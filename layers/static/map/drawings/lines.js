/* Lines: each in a colour of its own, with its name; a work's is dashed in the colour of its status, over a halo as wide as the error of
 * its place. The one that is chosen is edged. */
import { element } from "../../shared/dom.js";
import { registerDrawing } from "../drawing_registry.js";
import { nameRows, showIn } from "../markers.js";
import { paneOf } from "../panes.js";
import { plainRow } from "../rows.js";

const EQUATOR_METRES = 40075016.686;
const WIDEST_HALO = 600; // pixels
const FINGER = 6; // pixels around a line
const NAMES = "line-names";
const NAMES_ORDER = 455; // above every layer, below clusters

/** How a line is drawn: pixels by which its own colour is wider than the dashes on it, and the edge of the chosen one wider still; the halo's opacity. */
export const LINE_LOOK = { edge: 3, chosen: 6, halo: 0.13 };

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
    atlas.map.on("zoomend", this.refresh, this).on("chosen", this.refresh, this);
  }

  makeItem(feature, renderer) {
    const { width } = this.layer.style;
    const row = plainRow(feature.properties, this.atlas.config);
    const under = (style) => L.geoJSON(feature, { style: { renderer, interactive: false, lineCap: "round", lineJoin: "round", ...style } });
    const halo = under({ opacity: LINE_LOOK.halo });
    const chosen = under({ className: "atlas-line-chosen", weight: width + LINE_LOOK.edge + LINE_LOOK.chosen });
    const edge = under({ color: row.own, weight: width + LINE_LOOK.edge });
    const line = L.geoJSON(feature, { style: { renderer, weight: width, color: row.own } });
    line.bindTooltip(() => element("span", "", row.name), { sticky: true });
    line.on("click", (event) => this.atlas.selection.press([row], event.latlng, event));
    return { row, halo, chosen, edge, line, name: linePlate(row, this.atlas.map), isShown: false };
  }

  draw(isShown, counts) {
    let shown = 0;
    for (const item of this.items) {
      const status = this.atlas.visibleStatus(item.row);
      if (status && this.layer.counted) counts.addWork(item.row, status);
      item.isShown = Boolean(isShown && status);
      if (item.isShown) shown += 1;
      this.show(item, status);
    }
    return shown;
  }

  /* The colours of the lines, for the legend. */
  get swatch() {
    const colours = [...new Set(this.items.filter(({ isShown }) => isShown).map(({ row }) => row.own))];
    const share = 100 / colours.length;
    return `linear-gradient(90deg, ${colours.map((colour, i) => `${colour} ${i * share}% ${(i + 1) * share}%`).join(", ")})`;
  }

  /* From below: halo, edge of the chosen one, the line's own colour, the dashes of its status. */
  show(item, status) {
    const { row, halo, edge, line, isShown } = item;
    if (this.layer.counted && status) {
      line.setStyle({ color: status.fill, dashArray: status.dash });
      halo.setStyle({ color: status.fill });
    }
    const hasHalo = this.layer.style.halo && row.accuracy > 0;
    if (hasHalo) halo.setStyle({ weight: this.haloWidth(row, line) });
    showIn(this.group, halo, isShown && hasHalo);
    this.showChosen(item);
    showIn(this.group, edge, isShown);
    showIn(this.group, line, isShown);
    this.showName(item);
    if (isShown) line.eachLayer((path) => this.nameShape(path.getElement(), row, line));
  }

  /* For screen readers and the keyboard, which Leaflet forgets where a shape is drawn: its name, and Enter as a click. */
  nameShape(shape, row, line) {
    nameRows(shape, [row]);
    if (shape.hasAttribute("aria-label")) return;
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", row.name);
    shape.addEventListener("keydown", ({ key }) => {
      if (["Enter", " "].includes(key)) this.atlas.selection.press([row], line.getBounds().getCenter());
    });
  }

  showChosen({ row, chosen, isShown }) {
    const isChosen = isShown && this.atlas.selection.chosen === row.id;
    showIn(this.group, chosen, isChosen);
    if (isChosen) chosen.bringToBack();
  }

  showName({ row, name, isShown }) {
    showIn(this.group, name, isShown && row.from !== null && this.atlas.map.getZoom() >= row.from);
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

  /* Another zoom, or another chosen line. */
  refresh() {
    for (const item of this.items) {
      if (this.layer.style.halo) item.halo.setStyle({ weight: this.haloWidth(item.row, item.line) });
      this.showChosen(item);
      this.showName(item);
    }
  }

  placeOf(id) {
    const item = this.items.find((each) => each.row.id === id);
    return item && { at: item.line.getBounds().getCenter(), bounds: item.line.getBounds() };
  }

  remove() {
    this.atlas.map.off("zoomend", this.refresh, this).off("chosen", this.refresh, this);
    this.group.remove();
  }
}

/**
 * The name of a line on a plate of its colour, at its middle; a click goes through it to the line.
 * @param {{short: string, own: string, at: number[]}} line The name, the colour, and where the plate stands: longitude, latitude.
 * @param {L.Map} map The map.
 * @returns {L.Marker} The plate.
 */
export function linePlate({ short, own, at }, map) {
  paneOf(map, NAMES, NAMES_ORDER);
  const html = element("span", "atlas-line-name", short);
  html.style.background = own;
  const icon = L.divIcon({ className: "atlas-name-anchor", html, iconSize: [0, 0] });
  return L.marker([at[1], at[0]], { icon, interactive: false, keyboard: false, pane: NAMES });
}

registerDrawing("lines", Lines);

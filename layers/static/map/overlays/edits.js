/* Edits on the coverage map: what a scenario added, moved, removed, linked or closed, and the clicks that do so.
 * The server keeps the edits; this file only shows them and tells what was clicked. */
import { button, element } from "../../shared/dom.js";
import { drawnIcon, nameMarker, onPress } from "../markers.js";
import { paneOf } from "../panes.js";
import { DRAWINGS } from "../../shared/tokens.js";

const SIGNS = { added: "+", moved: "↔", removed: "×", closed: "×" };
const MARKER_PIXELS = 26;
const COLOR = DRAWINGS.added;

const lonLat = ({ lng, lat }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))];

/** The edits of a scenario, and the mode that says what a click does. */
export class Edits {
  /** @param {import("./reach.js").Reach} reach The facilities that are edited. */
  constructor(reach) {
    this.reach = reach;
    this.atlas = reach.atlas;
    this.map = reach.atlas.map;
    this.group = L.layerGroup().addTo(this.map);
    paneOf(this.map, "reach-edits", 642);
    this.hint = element("div", "atlas-hint");
    this.hint.setAttribute("role", "status");
    this.hint.hidden = true;
    document.body.append(this.hint);
    this.linkStart = null;
    this.map.on("click", (event) => this.clickMap(event.latlng));
  }

  /**
   * Show the edits of a scenario.
   * @param {{mode?: string, edits?: object[]} | null} spec The edits, and what a click does: "add", "move", "link", "close", "isochrone".
   */
  show(spec) {
    const edits = spec?.edits || [];
    this.group.clearLayers();
    this.handle = null;
    this.linkStart = null;
    this.mode = spec?.mode || null;
    this.hint.hidden = !this.mode;
    this.hint.textContent = this.mode ? this.atlas.config.text[`edit_${this.mode}`] : "";
    this.map.getContainer().classList.toggle("atlas-aim", Boolean(this.mode) && this.mode !== "move");
    this.reach.discs.setClickable(this.mode === "move");
    for (const edit of edits) this.draw(edit);
    document.body.dataset.edits = JSON.stringify({ mode: this.mode, n: edits.length });
  }

  /**
   * Where an edit's place is on the map.
   * @param {Record<string, number[]>} places Longitude and latitude for each system of coordinates.
   * @returns {number[]} Latitude and longitude in the map's system.
   */
  pointOf(places) {
    const [x, y] = places[this.atlas.basemap.datum] || places.WGS84;
    return [y, x];
  }

  draw(edit) {
    if (edit.line) {
      const points = edit.line[this.atlas.basemap.datum].map(([x, y]) => [y, x]);
      L.polyline(points, { pane: "reach-edits", color: COLOR, weight: 4, interactive: false }).addTo(this.group);
    } else if (edit.at) this.addMarker(edit, this.pointOf(edit.at));
  }

  addMarker(edit, at) {
    const isForStreets = this.mode === "link" || this.mode === "close"; // a click near a facility means the street there
    const isFixed = isForStreets || edit.op === "removed" || edit.op === "closed";
    const icon = drawnIcon(element("span", `atlas-edit atlas-edit-${edit.op}`, SIGNS[edit.op]), MARKER_PIXELS);
    const marker = L.marker(at, { pane: "reach-edits", draggable: !isFixed, keyboard: !isFixed, interactive: !isFixed, icon });
    marker.addTo(this.group);
    nameMarker(marker, edit.name || edit.id);
    if (isFixed) return marker;
    marker.on("dragend", () => this.send({ op: "move", id: edit.id, at: lonLat(marker.getLatLng()) }));
    onPress(marker, () => this.openMenu(edit, marker));
    return marker;
  }

  openMenu(edit, marker) {
    const { text } = this.atlas.config;
    const card = element("div", "atlas-card");
    const remove = button("atlas-link", text.edit_remove, () => {
      this.map.closePopup();
      this.send({ op: "remove", id: edit.id });
    });
    card.append(element("strong", "", edit.name || edit.id), element("div", "", text.edit_drag), remove);
    this.atlas.selection.openPopup(marker.getLatLng(), card);
  }

  /**
   * A facility of the register was clicked: it gets a handle to drag, and a way to be removed.
   * @param {Record<string, any>} row The facility.
   * @param {number[]} at Its latitude and longitude.
   */
  pick(row, at) {
    if (this.mode !== "move" || row.isEdited) return;
    this.handle?.remove();
    this.handle = this.addMarker({ id: row.id, name: row.name, op: "moved" }, at);
    this.openMenu(row, this.handle);
  }

  clickMap(at) {
    if (["add", "close", "isochrone"].includes(this.mode)) this.send({ op: this.mode, at: lonLat(at) });
    if (this.mode !== "link") return;
    if (this.linkStart) {
      this.send({ op: "link", line: [lonLat(this.linkStart), lonLat(at)] });
      this.linkStart = null;
      return;
    }
    this.linkStart = at;
    L.circleMarker(at, { pane: "reach-edits", radius: 5, color: COLOR, interactive: false }).addTo(this.group);
  }

  send(edit) {
    this.atlas.messages.send("edit", { edit: { ...edit, datum: this.atlas.basemap.datum } });
  }
}

/* Edits on the coverage map: what a scenario added, moved, removed, linked or closed, and the clicks that do so.
 * The server keeps the edits; this file only shows them and says what was clicked. */
"use strict";

const EDIT_MARKS = { added: "+", moved: "↔", removed: "×", closed: "×" };

class Edits {
  constructor(reach) {
    this.reach = reach;
    this.map = reach.atlas.map;
    this.group = L.layerGroup().addTo(this.map);
    reach.pane("reach-edits", 642);
    this.hint = el("div", "atlas-hint");
    this.hint.setAttribute("role", "status");
    this.hint.hidden = true;
    document.body.append(this.hint);
    this.first = null;
    this.map.on("click", (event) => this.clicked(event.latlng));
  }

  show(spec) {
    this.group.clearLayers();
    this.handle = null;
    this.first = null;
    this.mode = spec?.mode || null;
    const { text } = this.reach.atlas.cfg;
    this.hint.hidden = !this.mode;
    this.hint.textContent = this.mode ? text[`edit_${this.mode}`] : "";
    this.map.getContainer().classList.toggle("atlas-aim", Boolean(this.mode) && this.mode !== "move");
    this.reach.aim(this.mode === "move");
    for (const edit of spec?.edits || []) this.draw(edit);
    document.body.dataset.edits = JSON.stringify({ mode: this.mode, n: (spec?.edits || []).length });
  }

  here(places) {
    const [x, y] = places[this.reach.atlas.datum] || places.WGS84;
    return [y, x];
  }

  draw(edit) {
    if (edit.line) {
      const line = L.polyline(edit.line[this.reach.atlas.datum].map(([x, y]) => [y, x]), { pane: "reach-edits", color: "#00694d", weight: 4, interactive: false });
      line.addTo(this.group);
    } else if (edit.at) this.marker(edit, this.here(edit.at));
  }

  marker(edit, at) {
    const streets = this.mode === "link" || this.mode === "close"; // a click near a facility means the street there
    const fixed = streets || edit.op === "removed" || edit.op === "closed";
    const node = el("span", `atlas-edit atlas-edit-${edit.op}`, EDIT_MARKS[edit.op]);
    const marker = L.marker(at, { pane: "reach-edits", draggable: !fixed, keyboard: !fixed, interactive: !fixed,
      icon: L.divIcon({ html: node, className: "atlas-symbol-anchor", iconSize: [26, 26] }) });
    marker.addTo(this.group);
    label(marker, edit.name || edit.id);
    if (fixed) return marker;
    marker.on("dragend", () => this.tell({ op: "move", id: edit.id, at: this.lonlat(marker.getLatLng()) }));
    onPress(marker, () => this.ask(edit, marker));
    return marker;
  }

  ask(edit, marker) {
    const { text } = this.reach.atlas.cfg;
    const box = el("div", "atlas-card");
    const button = el("button", "atlas-link", text.edit_remove);
    button.type = "button";
    button.onclick = () => {
      this.map.closePopup();
      this.tell({ op: "remove", id: edit.id });
    };
    box.append(el("strong", "", edit.name || edit.id), el("div", "", text.edit_drag), button);
    this.reach.atlas.popup(marker.getLatLng(), box);
  }

  /* A facility of the register that was clicked: it gets a handle to drag, and a way to be removed. */
  pick(row, at) {
    if (this.mode !== "move" || row.edited) return;
    this.handle?.remove();
    this.handle = this.marker({ id: row.id, name: row.name, op: "moved" }, at);
    this.ask(row, this.handle);
  }

  clicked(at) {
    if (this.mode === "add" || this.mode === "close") this.tell({ op: this.mode, at: this.lonlat(at) });
    if (this.mode !== "link") return;
    if (this.first) {
      this.tell({ op: "link", line: [this.lonlat(this.first), this.lonlat(at)] });
      this.first = null;
      return;
    }
    this.first = at;
    L.circleMarker(at, { pane: "reach-edits", radius: 5, color: "#00694d", interactive: false }).addTo(this.group);
  }

  lonlat(at) {
    return [Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))];
  }

  tell(edit) {
    this.reach.atlas.tell("edit", { edit: { ...edit, datum: this.reach.atlas.datum } });
  }
}

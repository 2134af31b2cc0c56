/* What is not in the register yet, drawn over it: places of a file as given and as converted, and the place that a
 * person points at. Names are shown through textContent only. */
"use strict";

const DRAFT_LEVELS = { good: "#0b5cad", warning: "#b36200", error: "#c0311a", known: "#5b6570" };

class Draft {
  constructor(atlas) {
    this.atlas = atlas;
    this.spec = null;
    this.group = L.layerGroup().addTo(atlas.map);
    atlas.map.createPane("draft").style.zIndex = 660;
    this.renderer = L.svg({ pane: "draft", padding: 0.5 });
    atlas.map.on("click", (event) => this.clicked(event));
  }

  show(spec) {
    const before = this.spec;
    this.spec = spec;
    this.atlas.map.getContainer().classList.toggle("atlas-picking", Boolean(spec?.pick));
    this.group.clearLayers();
    this.pin = null;
    if (!spec) return;
    const points = spec.points || { x: [], y: [] };
    for (let i = 0; i < points.x.length; i++) this.point(points, i);
    if (spec.at) this.mark(spec.at, spec.acc);
    document.body.dataset.draft = JSON.stringify({ n: points.x.length, at: spec.at || null });
    if (spec.bounds && JSON.stringify(spec.bounds) !== JSON.stringify(before?.bounds)) {
      this.atlas.map.fitBounds(spec.bounds, { maxZoom: 15, animate: false });
    }
    if (this.pin && !this.atlas.map.getBounds().contains(this.pin.getLatLng())) this.atlas.map.panTo(this.pin.getLatLng());
  }

  point(points, i) {
    const at = [points.y[i], points.x[i]];
    const color = DRAFT_LEVELS[points.level?.[i]] || DRAFT_LEVELS.good;
    if (points.x0) {
      const from = [points.y0[i], points.x0[i]];
      const look = { renderer: this.renderer, pane: "draft", interactive: false };
      L.polyline([from, at], { ...look, color: "#5b6570", weight: 1, dashArray: "2 3" }).addTo(this.group);
      L.circleMarker(from, { ...look, radius: 3, color: "#5b6570", weight: 1.5, fill: false }).addTo(this.group);
    }
    const dot = L.circleMarker(at, { renderer: this.renderer, pane: "draft", radius: 4.5, color: "#fff", weight: 1,
      fillColor: color, fillOpacity: 0.95 });
    if (points.label) dot.bindTooltip(() => el("span", "", points.label[i]));
    dot.addTo(this.group);
  }

  mark(at, accuracy) {
    const place = L.latLng(at[1], at[0]);
    this.disc = L.circle(place, { renderer: this.renderer, pane: "draft", radius: accuracy || 0, color: "#c0311a", weight: 1,
      dashArray: "4 4", fillColor: "#c0311a", fillOpacity: 0.08, interactive: false }).addTo(this.group);
    const icon = L.divIcon({ className: "atlas-symbol-anchor", html: el("span", "atlas-pin"), iconSize: [26, 26] });
    this.pin = L.marker(place, { icon, draggable: Boolean(this.spec.pick), keyboard: false, pane: "draft" }).addTo(this.group);
    this.pin.on("drag", () => this.disc.setLatLng(this.pin.getLatLng()));
    this.pin.on("dragend", () => this.choose(this.pin.getLatLng()));
  }

  clicked(event) {
    if (!this.spec?.pick) return;
    this.pin?.remove();
    this.disc?.remove();
    this.mark([event.latlng.lng, event.latlng.lat], this.spec.acc);
    this.choose(event.latlng);
  }

  choose(at) {
    this.atlas.tell("pick", { lon: Number(at.lng.toFixed(6)), lat: Number(at.lat.toFixed(6)) });
  }
}

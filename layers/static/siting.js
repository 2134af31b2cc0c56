/* Chosen sites (numbered squares with their reach) and a person's own (lettered diamonds); a click adds one of these. */
"use strict";

class Siting {
  constructor(atlas) {
    this.atlas = atlas;
    this.group = L.layerGroup().addTo(atlas.map);
    for (const [name, z] of [["siting-discs", 406], ["siting-marks", 650]]) {
      atlas.map.createPane(name).style.zIndex = z;
    }
    atlas.map.on("click", (event) => this.pick(event.latlng));
  }

  show(spec) {
    if (JSON.stringify(spec) === JSON.stringify(this.spec)) return;
    this.spec = spec;
    this.group.clearLayers();
    this.atlas.map.getContainer().classList.toggle("atlas-picking", Boolean(spec));
    if (!spec) return;
    spec.best.forEach(([lon, lat, label], i) => this.mark([lat, lon], String(i + 1), "atlas-site", label, "#117733"));
    const taken = new Set(spec.best.map(([lon, lat]) => `${lon.toFixed(5)},${lat.toFixed(5)}`));
    spec.own.forEach(([lon, lat], i) => {
      const beside = taken.has(`${lon.toFixed(5)},${lat.toFixed(5)}`);
      this.mark([lat, lon], letter(i), "atlas-own", "", "#aa3377", beside ? [-12, 12] : [12, 12]);
    });
    document.body.dataset.siting = JSON.stringify({ best: spec.best.length, own: spec.own.length });
  }

  mark(at, text, cls, label, color, iconAnchor = [12, 12]) {
    L.circle(at, { radius: this.spec.radius, color, weight: 2, dashArray: cls === "atlas-own" ? "5 4" : null,
      fillColor: color, fillOpacity: 0.18, interactive: false, pane: "siting-discs" }).addTo(this.group);
    const marker = L.marker(at, { pane: "siting-marks", keyboard: Boolean(label), interactive: Boolean(label), title: label, alt: label || text,
      icon: L.divIcon({ html: el("span", cls, text), className: "atlas-symbol-anchor", iconSize: [24, 24], iconAnchor }) }).addTo(this.group);
    if (label) marker.bindTooltip(() => el("span", "", label));
  }

  pick(at) {
    if (this.spec && this.atlas.datum === "WGS84") this.atlas.tell("pick", { lon: at.lng, lat: at.lat });
  }
}

const letter = (i) => (i < 26 ? String.fromCharCode(65 + i) : `A${i - 25}`);

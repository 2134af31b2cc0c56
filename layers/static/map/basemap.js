/* The tiles under the layers, and the system of coordinates that they need. */

/** The base map: none ("offline"), or tiles of a service. */
export class Basemap {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.datum = "WGS84";
    this.tiles = null;
  }

  /** @returns {boolean} Whether tiles lie under the layers. */
  get hasTiles() {
    return Boolean(this.tiles);
  }

  /**
   * Show a base map.
   * @param {string} id Its id; "offline" stands for one that is not declared.
   * @returns {boolean} Whether coordinates are now in another system, so that layers must be fetched anew.
   */
  show(id) {
    const { basemaps, text } = this.atlas.config;
    const base = basemaps[id] || basemaps.offline;
    this.tiles?.remove();
    this.tiles = base.url ? this.addTiles(base.url) : null;
    document.body.classList.toggle("atlas-tiled", this.hasTiles);
    this.atlas.controls.credit.textContent = [base.attribution, text.sketch].filter(Boolean).join(" · ");
    const isMoved = base.datum !== this.datum;
    this.datum = base.datum;
    return isMoved;
  }

  addTiles(url) {
    const subdomains = url.includes("autonavi") ? "1234" : "01234567";
    return L.tileLayer(url, { subdomains, maxZoom: 18, referrerPolicy: "strict-origin" }).addTo(this.atlas.map);
  }
}

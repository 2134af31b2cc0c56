/* The tiles under the layers, and the system of coordinates that they need. */
import { detailedTiles } from "./detailed_tiles.js";
import { onDarkChange } from "../shared/dark.js";

/** The base map: none ("offline"), or tiles of a service. */
export class Basemap {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.datum = "WGS84";
    this.tiles = null;
    this.failed = ""; // the base map whose tiles did not come
    this.shown = ""; // the one that is chosen
    onDarkChange(() => this.isVector && this.show(this.shown));
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
    if (id !== this.failed) this.failed = ""; // another one is tried
    const base = (id !== this.failed && basemaps[id]) || basemaps.offline;
    this.shown = id;
    this.isVector = Boolean(base.script);
    this.replaceTiles(base.url && !base.script ? this.addTiles(base.url, id) : null);
    if (base.script) this.addDetailed(base, id);
    this.atlas.controls.credit.textContent = [base.attribution, text.sketch].filter(Boolean).join(" · ");
    const isMoved = base.datum !== this.datum;
    this.datum = base.datum;
    return isMoved;
  }

  replaceTiles(tiles) {
    this.tiles?.remove();
    this.tiles = tiles;
    document.body.classList.toggle("atlas-tiled", this.hasTiles);
  }

  /* The map that needs no network is there until the detailed one can be drawn. */
  async addDetailed(base, id) {
    try {
      const tiles = await detailedTiles(base, this.atlas.config.lang);
      if (this.shown !== id) return;
      this.replaceTiles(tiles.addTo(this.atlas.map));
      this.atlas.draw();
    } catch {
      if (this.shown === id) this.giveWay(id);
    }
  }

  addTiles(url, id) {
    const subdomains = url.includes("autonavi") ? "1234" : "01234567";
    const tiles = L.tileLayer(url, { subdomains, maxZoom: 18, referrerPolicy: "strict-origin" });
    const giveWay = () => this.giveWay(id);
    tiles.once("tileload", () => tiles.off("tileerror", giveWay));
    tiles.once("tileerror", giveWay);
    return tiles.addTo(this.atlas.map);
  }

  /* Not one tile came: say so, and draw the map that needs no network until another one is chosen. */
  giveWay(id) {
    const { atlas } = this;
    this.failed = id;
    atlas.showBasemap();
    atlas.draw();
    atlas.controls.showNotice(atlas.config.text.tiles_failed);
  }
}

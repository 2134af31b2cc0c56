/* One declared layer as a layer of Leaflet: it can be added to any map, removed again, and switched in Leaflet's own layer
 * control. On the atlas's map that map tells it when to draw; on any other map it draws by itself. */
import { Counts } from "./counts.js";
import { loadDrawing, makeDrawing } from "./drawing_registry.js";
import { LayerHost } from "./layer_host.js";
import { paneOf } from "./panes.js";

const FIRST_PANE = 391; // with the declared order: above Leaflet's own areas (400), below its labels (500)

let AtlasLayer = null;

/* Made on first use: a page without a map has these modules and no Leaflet. */
function defineAtlasLayer() {
  return class extends L.Layer {
    constructor(declaration, load, alone) {
      super();
      L.setOptions(this, { attribution: declaration.attribution });
      this.declaration = declaration;
      this.load = load;
      this.alone = alone;
      this.host = null;
      this.drawing = null;
      this.shown = null;
      this.on("add remove", () => this.host?.readLayers?.());
    }

    onAdd(map) {
      if (!this.alone) return;
      this.host = new LayerHost(map, this.alone.config, { state: this.alone.state, listener: () => {} });
      this.host.layers = [this];
      map.on("popupclose", this.host.selection.clear, this.host.selection);
      this.fetch(this.host, "WGS84").then(() => map.hasLayer(this) && this.draw(true, new Counts(this.alone.config)));
    }

    onRemove(map) {
      if (!this.alone) return;
      map.off("popupclose", this.host.selection.clear, this.host.selection);
      this.host.selection.clear();
      this.drawing?.remove();
      this.drawing = null;
      this.shown = null;
    }

    /**
     * Get the data and make the drawing, in place of an older one.
     * @param {LayerHost} host The map that it is drawn on.
     * @param {string} datum The system of coordinates of the map's tiles: "WGS84" or "GCJ02".
     */
    async fetch(host, datum) {
      this.host = host;
      const data = await this.load(datum);
      await loadDrawing(this.declaration, data);
      this.drawing?.remove();
      paneOf(host.map, this.declaration.id, FIRST_PANE + this.declaration.order);
      this.drawing = makeDrawing(host, this.declaration, data);
    }

    /**
     * Draw what passes the map's filter on its day.
     * @param {boolean} isShown Whether the layer is switched on.
     * @param {Counts} counts Counts the works that pass, shown or not.
     */
    draw(isShown, counts) {
      this.shown = this.drawing ? this.drawing.draw(isShown, counts) : 0;
      counts.layers[this.declaration.id] = this.shown;
      if (this.alone) this.host.clusters.refresh();
    }
  };
}

/**
 * A declared layer as a layer of Leaflet.
 * @param {{id: string, title: string, draw: string, order: number, style: object}} declaration How it looks
 *   (layers/map/spec.py).
 * @param {(datum: string) => Promise<object> | object} load Gives its data in a system of coordinates.
 * @param {{config: object, state: object} | null} [alone] The declarations and what is shown, for a layer on a map that is
 *   not the atlas's own; null for a layer that an AtlasMap drives.
 * @returns {L.Layer} The layer; `shown` is how many features it draws, null before it has drawn.
 */
export function makeLayer(declaration, load, alone = null) {
  AtlasLayer ??= defineAtlasLayer();
  return new AtlasLayer(declaration, load, alone);
}

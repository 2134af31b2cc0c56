/* Symbols that would cover each other from far away are one symbol with their number, which splits when a person comes nearer
 * (Leaflet.markercluster). One set for all layers of a map, so that symbols of two layers do not cover each other either. */
import { element } from "../shared/dom.js";
import { statusMark } from "./status_mark.js";
import { drawnIcon, nameMarker, nameRows } from "./markers.js";
import { paneOf } from "./panes.js";

const PANE = "clusters";
const PANE_ORDER = 460; // above every layer, below what is selected
const RADIUS = 40; // pixels
const SPLIT_ZOOM = 13; // from here on each symbol stands alone: the zoom at which a selected work is shown
const MAX_ZOOM = 18; // of a map of somebody else's that has none: clusters are made from there on
const WORKS_PIXELS = 28;
const OTHERS_PIXELS = 18;

/**
 * What a symbol stands for, so that a cluster can count it.
 * @param {L.Marker} marker The symbol.
 * @param {{layer: {id: string, style: object}, rows: () => Record<string, any>[], status: () => object | null}} members Its layer, its rows that
 *   are shown, and their one status, if they have one.
 */
export function setMembers(marker, members) {
  marker.atlasMembers = members;
}

/** What stands on a map for a set of symbols; `addLayer`, `removeLayer` and `hasLayer` are those of Leaflet's groups. */
export class Clusters {
  /** @param {import("./layer_host.js").LayerHost} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    paneOf(atlas.map, PANE, PANE_ORDER);
    if (!Number.isFinite(atlas.map.getMaxZoom())) atlas.map.setMaxZoom(MAX_ZOOM);
    this.group = L.markerClusterGroup({
      maxClusterRadius: RADIUS, disableClusteringAtZoom: SPLIT_ZOOM, spiderfyOnMaxZoom: false, showCoverageOnHover: false,
      removeOutsideVisibleBounds: false, animate: false, clusterPane: PANE, iconCreateFunction: (cluster) => this.icon(cluster),
    }).addTo(atlas.map);
    this.group.on("clusterkeypress", ({ layer, originalEvent }) => ["Enter", " "].includes(originalEvent.key) && layer.zoomToBounds());
  }

  /** Count anew what the symbols stand for: the day or the filter is another one. */
  refresh() {
    this.group.refreshClusters();
  }

  icon(cluster) {
    const members = cluster.getAllChildMarkers().map((marker) => marker.atlasMembers);
    const byLayer = new Map();
    for (const { layer, rows } of members) byLayer.set(layer, [...(byLayer.get(layer) || []), ...rows()]);
    const glyphed = members.filter(({ layer }) => layer.style.glyph);
    const node = glyphed.length ? this.worksNode(glyphed) : element("span", "atlas-cluster-dot", String(sizeOf(members)));
    for (const [layer, rows] of byLayer) node.append(marksOf(layer, rows));
    const label = [...byLayer].map(([layer, rows]) => `${rows.length} ${layer.title}`).join(" · ");
    nameMarker(cluster, `${label} · ${this.atlas.config.text.nearer}`);
    return drawnIcon(node, glyphed.length ? WORKS_PIXELS : OTHERS_PIXELS);
  }

  /* The number is that of the works; stations among them are named, not counted. One work keeps its sign. */
  worksNode(glyphed) {
    const size = sizeOf(glyphed);
    const sign = size === 1 ? this.atlas.glyphOf(glyphed[0].rows()[0]) : String(size);
    const node = element("span", "atlas-badge atlas-cluster", sign);
    const statuses = new Set(glyphed.map(({ status }) => status()));
    const [status] = statuses;
    if (statuses.size === 1 && status) {
      const mark = statusMark(status);
      mark.className = "atlas-symbol-mark";
      mark.removeAttribute("style");
      node.append(mark);
    }
    return node;
  }
}

const sizeOf = (members) => members.reduce((size, { rows }) => size + rows().length, 0);

/* Which rows of a layer a cluster stands for, said on the page as a single symbol says it. */
function marksOf(layer, rows) {
  const node = element("span");
  node.hidden = true;
  node.dataset.layer = layer.id;
  nameRows(node, rows);
  return node;
}

/** A layer's own group: its symbols stand in the map's clusters, its shapes by themselves. */
export class SymbolGroup {
  /** @param {import("./layer_host.js").LayerHost} atlas The map. */
  constructor(atlas) {
    this.shapes = L.layerGroup().addTo(atlas.map);
    this.clusters = atlas.clusters.group;
    this.markers = new Set();
  }

  of(layer) {
    return layer instanceof L.Marker ? this.clusters : this.shapes;
  }

  /**
   * Whether something is shown.
   * @param {L.Layer} layer A symbol or a shape.
   * @returns {boolean} True where it is.
   */
  hasLayer(layer) {
    return this.of(layer).hasLayer(layer);
  }

  /**
   * Show a symbol or a shape.
   * @param {L.Layer} layer It.
   */
  addLayer(layer) {
    if (layer instanceof L.Marker) this.markers.add(layer);
    this.of(layer).addLayer(layer);
  }

  /**
   * Hide a symbol or a shape.
   * @param {L.Layer} layer It.
   */
  removeLayer(layer) {
    this.markers.delete(layer);
    this.of(layer).removeLayer(layer);
  }

  /** Take everything off the map. */
  remove() {
    this.clusters.removeLayers([...this.markers]);
    this.shapes.remove();
  }
}

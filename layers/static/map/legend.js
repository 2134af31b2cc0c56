/* The legend: made from the declarations, counted from what passes the filter. */
import { element } from "../shared/dom.js";
import { placeControl } from "./controls.js";
import { isShown } from "./state.js";
import { statusMark } from "./status_mark.js";

const WIDE_PIXELS = 640; // below this width the legend begins closed

/**
 * One line of the legend.
 * @param {HTMLElement} mark How it looks on the map.
 * @param {string} label What it is.
 * @param {number} [count] How many there are.
 * @param {{of: string, help?: string}} [about] What it counts, such as "status:completed"; a longer explanation.
 * @returns {HTMLElement} The line.
 */
export function legendRow(mark, label, count, { of, help } = {}) {
  const row = element("div", "atlas-legend-row");
  if (of) row.dataset.of = of;
  if (help) row.title = help;
  row.append(mark, element("span", "atlas-legend-label", label));
  if (count !== undefined) row.append(element("b", "", String(count)));
  return row;
}

function legendPart(title, rows) {
  const part = element("section");
  if (rows.length) part.append(element("h2", "", title), ...rows);
  return part;
}

/** The box with the legend; `update` makes its content anew. */
export class Legend {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.body = element("div", "atlas-legend-body");
    const box = element("details", "atlas-legend");
    box.open = window.innerWidth > WIDE_PIXELS;
    box.append(element("summary", "", atlas.config.text.legend), this.body);
    placeControl(atlas.map, "bottomright", box);
  }

  /**
   * Show what the map shows now.
   * @param {import("./counts.js").Counts} counts Numbers of the last drawing.
   */
  update(counts) {
    const { config, state, reach } = this.atlas;
    const { text } = config;
    const parts = [
      legendPart(text.status, this.statusRows(counts)),
      legendPart(text.certainty, this.certaintyRows(counts)),
      legendPart(text.layers, this.layerRows(counts)),
      element("p", "atlas-basis", text.basis),
    ];
    if (state.reach) parts.unshift(legendPart(text.reach, reach.legendRows()));
    this.body.replaceChildren(...parts);
  }

  statusRows(counts) {
    return this.atlas.config.statuses.filter((status) => counts.status[status.place])
      .map((status) => legendRow(statusMark(status), status.label, counts.status[status.place], { of: `status:${status.id}` }));
  }

  certaintyRows(counts) {
    const rows = this.atlas.config.certainties.map((certainty, place) => counts.certainty[place]
      && legendRow(element("span", `atlas-cert atlas-cert-${certainty.id}`), certainty.label, counts.certainty[place], { of: `certainty:${certainty.id}`, help: certainty.help }));
    return rows.filter(Boolean);
  }

  layerRows(counts) {
    const { state } = this.atlas;
    const drawn = this.atlas.layers.filter((layer) => layer.drawing).map((layer) => layer.declaration);
    const layers = drawn.filter((layer) => layer.optional && isShown(layer, state.layers));
    return layers.map((layer) => {
      const mark = element("span", `atlas-swatch atlas-swatch-${layer.draw}`);
      mark.style.setProperty("--c", layer.style.color || layer.style.fill || "#0072b2");
      return legendRow(mark, layer.title, counts.layers[layer.id], { of: `layer:${layer.id}` });
    });
  }
}

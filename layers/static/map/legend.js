/* The legend: made from the declarations, counted from what passes the filter. */
import { button, element } from "../shared/dom.js";
import { isShown } from "./state.js";
import { statusMark } from "./status_mark.js";
import { DRAWINGS } from "../shared/tokens.js";

const WIDE_PIXELS = 640; // below this width the legend begins closed

/**
 * One line of the legend; a button where it filters the map.
 * @param {HTMLElement} mark How it looks on the map.
 * @param {string} label What it is.
 * @param {number} [count] How many there are.
 * @param {{of?: string, help?: string, choice?: {id: string, isChosen: boolean, choose: () => void}}} [about] What it counts, such as
 *   "status:completed"; a longer explanation; what it filters.
 * @returns {HTMLElement} The line.
 */
export function legendRow(mark, label, count, { of, help, choice } = {}) {
  const row = choice ? button("atlas-legend-row", "", choice.choose) : element("div", "atlas-legend-row");
  if (of) row.dataset.of = of;
  if (help) row.title = help;
  if (choice) {
    row.dataset.choice = choice.id;
    row.setAttribute("aria-pressed", String(choice.isChosen));
  }
  row.append(mark, element("span", "atlas-legend-label", label));
  if (count !== undefined) row.append(element("b", "", String(count)));
  return row;
}

function legendPart(title, rows) {
  const part = element("section");
  if (rows.length) part.append(element("h2", "", title), ...rows);
  return part;
}

/** The box with the legend, below the map so that it covers no work; `update` makes its content anew. */
export class Legend {
  /** @param {import("./atlas_map.js").AtlasMap} atlas The map. */
  constructor(atlas) {
    this.atlas = atlas;
    this.body = element("div", "atlas-legend-body");
    const box = element("details", "atlas-legend");
    box.append(element("summary", "", atlas.config.text.legend), this.body);
    const container = atlas.map.getContainer();
    box.open = window.innerWidth > WIDE_PIXELS && !container.closest(".atlas-embedded"); // a frame is small
    container.parentElement.classList.add("atlas-stack");
    container.after(box);
    new ResizeObserver(() => atlas.map.invalidateSize({ pan: false, animate: false })).observe(container);
    atlas.map.invalidateSize({ pan: false, animate: false });
  }

  /**
   * Show what the map shows now.
   * @param {import("./counts.js").Counts} counts Numbers of the last drawing.
   */
  update(counts) {
    const { config, state, reach } = this.atlas;
    const { text } = config;
    const focused = document.activeElement?.dataset?.choice;
    const parts = [
      legendPart(text.status, this.statusRows(counts)),
      legendPart(text.certainty, this.certaintyRows(counts)),
      legendPart(text.signs, this.signRows()),
      legendPart(text.layers, this.layerRows(counts)),
      ...this.notes(),
      element("p", "atlas-basis", text.basis),
    ];
    if (state.reach) parts.unshift(legendPart(text.reach, reach.legendRows()));
    this.body.replaceChildren(...parts);
    if (focused) this.body.querySelector(`[data-choice="${focused}"]`)?.focus();
  }

  statusRows(counts) {
    return this.atlas.config.statuses.filter((status) => counts.status[status.place]).map((status) => {
      const about = { of: `status:${status.id}`, choice: this.choiceOf("statuses", status.id) };
      return legendRow(statusMark(status), status.label, counts.status[status.place], about);
    });
  }

  certaintyRows(counts) {
    return this.atlas.config.certainties.map((certainty, place) => {
      const mark = element("span", `atlas-cert atlas-cert-${certainty.id}`);
      const choice = this.choiceOf("certainties", certainty.id);
      const about = { of: `certainty:${certainty.id}`, help: certainty.help, choice };
      return counts.certainty[place] && legendRow(mark, certainty.label, counts.certainty[place], about);
    }).filter(Boolean);
  }

  /* What the signs on the map mean: those of the categories that it draws. */
  signRows() {
    const { config, layers, filter } = this.atlas;
    const rows = layers.filter(({ drawing, declaration }) => drawing?.rows && declaration.style.glyph).flatMap(({ drawing }) => drawing.rows);
    const drawn = new Set(rows.filter((row) => row.x !== null && filter.passesTotal(row)).map((row) => row.category));
    const categories = Object.entries(config.categories).filter(([id, { glyph }]) => glyph && drawn.has(id));
    return categories.map(([id, { label, glyph }]) => (
      legendRow(element("span", "atlas-sign", glyph), label, undefined, { choice: this.choiceOf("categories", id) })));
  }

  choiceOf(list, id) {
    return { id: `${list}:${id}`, isChosen: Boolean(this.atlas.state[list]?.includes(id)), choose: () => this.atlas.choose(list, id) };
  }

  /* What is to be said of layers that are always on, and so have no line of their own. */
  notes() {
    const noted = this.atlas.layers.filter(({ drawing, declaration }) => drawing?.note && !declaration.optional);
    return noted.map(({ drawing, declaration: layer }) => {
      const line = element("section");
      const note = element("small", "atlas-legend-note", `${layer.title} · ${drawing.note}`);
      note.dataset.of = `note:${layer.id}`;
      line.append(note);
      return line;
    });
  }

  layerRows(counts) {
    const { state } = this.atlas;
    const drawn = this.atlas.layers.filter(({ drawing, declaration }) => drawing && declaration.optional && isShown(declaration, state.layers));
    return drawn.map(({ declaration: layer, drawing }) => {
      const mark = element("span", `atlas-swatch atlas-swatch-${layer.draw}`);
      mark.style.setProperty("--c", drawing.swatch || layer.style.color || layer.style.fill || DRAWINGS.swatch);
      const row = legendRow(mark, layer.title, counts.layers[layer.id], { of: `layer:${layer.id}` });
      if (drawing.note) row.append(element("small", "atlas-legend-note", drawing.note));
      return row;
    });
  }
}

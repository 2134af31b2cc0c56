/* Features that change: on one day each has one status, so groups are told apart by what does not change, and by status. Their numbers
 * have the same meaning on all days (layers/map/tiled/table.py); how many features each has, and the tiles, come for the day that is shown. */
import { fetchJson } from "../../shared/fetch_json.js";
import { rowsFromColumns } from "../rows.js";

/**
 * The groups of a layer.
 * @param {{groups: Record<string, any[]>, numbers?: string, hasStatuses: boolean}} tiles What the server says of the layer.
 * @param {object} config The declarations.
 * @returns {{rows: object[], groups: object[], numbers: number[]}} Rows with what does not change, for the legend; the groups, of which
 *   marks name the position; and how many features each has, nothing where that depends on the day.
 */
export function groupsOf({ groups: columns, numbers, hasStatuses }, config) {
  const rows = rowsFromColumns(columns, config).map((row) => ({ ...row, x: row.unplaced ? null : 0 }));
  if (!hasStatuses) return { rows, groups: rows, numbers: numbers ? [] : columns.n };
  return { rows, groups: rows.flatMap((row) => config.statuses.map((_status, place) => ({ ...row, history: [0, place] }))), numbers: [] };
}

/** The day that a layer's tiles are of. */
export class TileDays {
  /**
   * @param {string} url Address of a `{day}`'s numbers.
   * @param {import("./tile_grid.js").TileGrid} grid The tiles.
   * @param {(error: Error) => void} fail Hears what did not come.
   */
  constructor(url, grid, fail) {
    this.url = url;
    this.grid = grid;
    this.fail = fail;
    this.wanted = null;
    this.arrived = null;
  }

  /**
   * Fetch a day: its numbers, and the tiles on the screen.
   * @param {number} day Such as 20211231.
   * @returns {Promise<void> | null} Ends when it is there, or cannot be had; null where it is.
   */
  comeTo(day) {
    if (this.wanted?.day !== day) this.wanted = { day, coming: this.fetchDay(day) };
    return this.wanted.coming;
  }

  async fetchDay(day) {
    let arrived = { n: [], day: null, marks: new Map() }; // what does not come is not shown: no number of another day
    try {
      const sent = await fetchJson(this.url.replace("{day}", day));
      arrived = { ...sent, marks: await this.grid.marksOn(sent.day) };
    } catch (error) {
      this.fail(error);
    }
    if (this.wanted.day !== day) return;
    this.arrived = arrived;
    this.wanted.coming = null;
  }

  /**
   * Go over to the day that has come, at the moment when the map is drawn.
   * @returns {number[] | null} How many features each group has; null where nothing new has come.
   */
  take() {
    const { arrived } = this;
    this.arrived = null;
    if (arrived) this.grid.turn(arrived.day, arrived.marks);
    return arrived && arrived.n;
  }
}

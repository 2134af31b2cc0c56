/* How many works the map shows, by status and by certainty, and how many features each layer draws. */

/** Numbers of one drawing of the map; positions are those of the declared statuses and certainties. */
export class Counts {
  /** @param {{statuses: object[], certainties: {id: string}[]}} config The declarations. */
  constructor(config) {
    this.status = config.statuses.map(() => 0);
    this.certainty = config.certainties.map(() => 0);
    this.layers = {};
  }

  /**
   * Count a work that passes the filter; a section is part of a work and counts for nothing.
   * @param {{counts: number}} row The work; `counts` is the position of the certainty that it counts with, -1 for a part.
   * @param {{place: number}} status Its status on the day; `place` is its position in the declarations.
   * @param {number} n How many works are alike in both.
   */
  addWork(row, status, n = 1) {
    if (row.counts < 0) return;
    this.status[status.place] += n;
    this.certainty[row.counts] += n;
  }

  /** @returns {object} Only the numbers, for JSON.stringify. */
  toJSON() {
    return { status: this.status, certainty: this.certainty, layers: this.layers };
  }
}

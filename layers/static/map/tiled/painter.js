/* How the marks of a tile look, and which of them lies under a pointer. */
import { mainStatus, numberOf } from "./marks.js";
import { DRAWINGS } from "../../shared/tokens.js";

const RADIUS = 4; // pixels, of a single feature
const FINGER = 4; // pixels around it
const RING = 2; // pixels
const WIDEST = 9; // pixels, of a cell, however many features it stands for
const FILL = 0.18; // of an outline
const SOLID = 0.9;
const ROUND = 2 * Math.PI;

/**
 * The radius of a mark that is a point.
 * @param {number} n How many features it stands for.
 * @returns {number} Pixels.
 */
export function radiusOf(n) {
  return n === 1 ? RADIUS : Math.min(RADIUS + Math.log2(n) / 2, WIDEST);
}

/** Paints the marks of one layer. */
export class Painter {
  /**
   * @param {{color?: string, width?: number}} style The declared look.
   * @param {{isVague: (mark: import("./marks.js").Mark) => boolean, discOf: (mark: import("./marks.js").Mark) => number}} about
   *   Whether a mark is a feature whose place is not exact, and the radius in pixels of the soft disc around it (tiles.js), else 0.
   */
  constructor(style, { isVague, discOf }) {
    this.style = style;
    this.isVague = isVague;
    this.discOf = discOf;
    this.statuses = [];
  }

  colorOf(mark) {
    return this.style.color || mainStatus(mark, this.statuses).fill;
  }

  isDrawn(mark) {
    return Boolean(mainStatus(mark, this.statuses));
  }

  /**
   * Paint a tile.
   * @param {CanvasRenderingContext2D} pen The canvas.
   * @param {import("./marks.js").Mark[]} marks Its marks, outlines first.
   */
  paint(pen, marks) {
    for (const mark of marks) {
      if (!this.isDrawn(mark)) continue;
      pen.beginPath();
      if (mark.rings) this.paintOutline(pen, mark);
      else this.paintPoint(pen, mark);
    }
    pen.globalAlpha = 1;
  }

  paintOutline(pen, mark) {
    for (const ring of mark.rings) {
      ring.forEach(({ x, y }, place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.closePath();
    }
    pen.fillStyle = this.colorOf(mark);
    pen.strokeStyle = pen.fillStyle;
    pen.lineWidth = this.style.width || 1;
    pen.globalAlpha = FILL;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.stroke();
  }

  /* A place that is not exact is a ring. */
  paintPoint(pen, mark) {
    const isRing = this.isVague(mark);
    const colors = [this.colorOf(mark), DRAWINGS.rim];
    pen.arc(mark.x, mark.y, radiusOf(numberOf(mark, this.statuses)), 0, ROUND);
    [pen.fillStyle, pen.strokeStyle] = isRing ? colors.reverse() : colors;
    pen.lineWidth = isRing ? RING : 1;
    pen.globalAlpha = SOLID;
    pen.fill();
    pen.stroke();
  }

  /**
   * The marks under a pointer.
   * @param {import("./marks.js").Mark[]} marks The marks of a tile.
   * @param {{x: number, y: number}} pointer Where it is, in pixels of the tile.
   * @returns {{mark: import("./marks.js").Mark, size: number}[]} The marks with their width: the nearest point first, then
   *   soft discs, then outlines.
   */
  marksAt(marks, pointer) {
    const hits = marks.filter((mark) => this.isDrawn(mark)).map((mark) => this.hit(mark, pointer)).filter(Boolean);
    return hits.sort((one, other) => one.away - other.away);
  }

  hit(mark, pointer) {
    if (mark.rings) {
      return isInside(mark.rings, pointer) && { mark, size: widthOf(mark.rings[0]), away: Infinity };
    }
    const away = Math.hypot(mark.x - pointer.x, mark.y - pointer.y);
    const radius = radiusOf(numberOf(mark, this.statuses));
    if (away <= radius + FINGER) return { mark, size: 2 * radius, away };
    const disc = this.discOf(mark);
    return away <= disc && { mark, size: 2 * disc, away: disc };
  }
}

/* As it is filled: inside where a ray crosses the edges of all rings an odd number of times. */
function isInside(rings, { x, y }) {
  const crossings = rings.flatMap((ring) => ring.filter((one, place) => {
    const other = ring.at(place - 1);
    return (one.y > y) !== (other.y > y) && x < ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x;
  }));
  return crossings.length % 2 === 1;
}

function widthOf(ring) {
  const across = ring.map(({ x }) => x);
  return Math.max(...across) - Math.min(...across);
}

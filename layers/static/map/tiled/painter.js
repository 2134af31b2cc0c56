/* How the marks of a tile look, and which of them lies under a pointer. */
import { nearestOn, paintLine } from "./line_painter.js";
import { mainStatus, numberOf } from "./marks.js";
import { DRAWINGS } from "../../shared/tokens.js";

const RADIUS = 4; // pixels, of a single feature
const FINGER = 4; // pixels around it
const FINGER_OF_LINE = 6; // pixels around a line
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
   * @param {{style: {color?: string, fill?: string, width?: number, halo?: boolean}, counted: boolean}} layer The declared look.
   * @param {{isVague: (mark: import("./marks.js").Mark) => boolean, discOf: (mark: import("./marks.js").Mark) => number, size: number}} about
   *   Whether a mark is a feature whose place is not exact, and the radius in pixels of the soft disc around it (tiles.js), else 0; pixels
   *   of a tile.
   */
  constructor({ style, counted }, { isVague, discOf, size }) {
    this.style = style;
    this.counted = counted;
    this.isVague = isVague;
    this.discOf = discOf;
    this.size = size;
    this.statuses = [];
    this.view = { scale: 1, zoom: 0, chosen: null, ink: "" }; // pixels of a tile in one of the screen; the map's zoom; the chosen line; its edge
  }

  colorOf(mark) {
    return this.style.color || this.style.fill || mainStatus(mark, this.statuses).fill;
  }

  /* Pixels of a tile. */
  radiusOf(mark) {
    return this.view.scale * (mark.sign || radiusOf(numberOf(mark, this.statuses)));
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
    this.paintLines(pen, marks.filter((mark) => mark.paths && this.isDrawn(mark)));
    for (const mark of marks) {
      if (mark.paths || !this.isDrawn(mark)) continue;
      pen.beginPath();
      if (mark.rings) this.paintOutline(pen, mark);
      else this.paintPoint(pen, mark);
    }
    pen.globalAlpha = 1;
  }

  paintLines(pen, marks) {
    if (!marks.length) return;
    const { style: { width, halo }, counted, view } = this;
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, this.size, this.size);
    pen.clip();
    for (const mark of marks) {
      const status = counted ? this.statuses[mark.props.g] : null;
      paintLine(pen, mark, { ...view, width, halo, status, isChosen: view.chosen === mark.props.id });
    }
    pen.restore();
  }

  paintOutline(pen, mark) {
    for (const ring of mark.rings) {
      ring.forEach(({ x, y }, place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.closePath();
    }
    pen.fillStyle = this.colorOf(mark);
    pen.strokeStyle = pen.fillStyle;
    pen.lineWidth = (this.style.width || 1) * this.view.scale;
    pen.globalAlpha = FILL;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.stroke();
  }

  /* A place that is not exact is a ring. */
  paintPoint(pen, mark) {
    const isRing = this.isVague(mark);
    const colors = [this.colorOf(mark), DRAWINGS.rim];
    pen.arc(mark.x, mark.y, this.view.scale * radiusOf(numberOf(mark, this.statuses)), 0, ROUND);
    [pen.fillStyle, pen.strokeStyle] = isRing ? colors.reverse() : colors;
    pen.lineWidth = (isRing ? RING : 1) * this.view.scale;
    pen.globalAlpha = SOLID;
    pen.fill();
    pen.stroke();
  }

  /**
   * The marks under a pointer.
   * @param {import("./marks.js").Mark[]} marks The marks of a tile.
   * @param {{x: number, y: number}} pointer Where it is, in pixels of the tile.
   * @returns {{mark: import("./marks.js").Mark, size: number}[]} The marks with their width on the screen: the nearest point or line first,
   *   then soft discs, then outlines.
   */
  marksAt(marks, pointer) {
    const hits = marks.filter((mark) => this.isDrawn(mark)).map((mark) => this.hit(mark, pointer)).filter(Boolean);
    return hits.sort((one, other) => one.away - other.away);
  }

  hit(mark, pointer) {
    if (mark.rings) {
      return isInside(mark.rings, pointer) && { mark, size: widthOf(mark.rings[0]), away: Infinity };
    }
    const { scale } = this.view;
    if (mark.paths) {
      const { away } = nearestOn(mark.paths, pointer);
      return away <= (this.style.width / 2 + FINGER_OF_LINE) * scale && { mark, size: Infinity, away };
    }
    const away = Math.hypot(mark.x - pointer.x, mark.y - pointer.y);
    const radius = this.radiusOf(mark);
    if (away <= radius + (mark.sign ? 0 : FINGER * scale)) return { mark, size: (2 * radius) / scale, away };
    const disc = this.discOf(mark);
    return away <= disc * scale && { mark, size: 2 * disc, away: disc * scale };
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

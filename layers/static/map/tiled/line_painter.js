/* Lines in tiles, as small layers have them (drawings/lines.js): halo, edge of the chosen one, the line's own colour, the dashes of its status.
 * A stretch's dashes go on from where the one in the tile beside it ends. */
import { LINE_LOOK, haloPixels } from "../drawings/lines.js";

const CHOSEN = 0.85; // opacity of the edge, as in atlas.css

function pathOf(stretches) {
  const path = new Path2D();
  for (const stretch of stretches) stretch.forEach(({ x, y }, place) => (place ? path.lineTo(x, y) : path.moveTo(x, y)));
  return path;
}

/**
 * The corners of a line's bounds.
 * @param {{bounds: string}} props What its tile says of it.
 * @returns {number[][]} South-west and north-east, latitude and longitude.
 */
export function boundsOf({ bounds }) {
  return JSON.parse(bounds);
}

function latitudeOf(props) {
  const [[south], [north]] = boundsOf(props);
  return (south + north) / 2;
}

/**
 * Paint a line.
 * @param {CanvasRenderingContext2D} pen The canvas; what lies outside the tile must be cut off, else halos are twice as dark there.
 * @param {import("./marks.js").Mark} mark The line.
 * @param {{width: number, halo: boolean, status: object | null, isChosen: boolean, zoom: number, scale: number, ink: string}} look
 *   How the layer declares it; the status of a work, else null; the map's zoom, and pixels of the tile in one of the screen.
 */
export function paintLine(pen, { paths, begins, props }, { width, halo, status, isChosen, zoom, scale, ink }) {
  const whole = pathOf(paths);
  const stroke = (path, { color, pixels, alpha = 1 }) => {
    pen.strokeStyle = color;
    pen.lineWidth = pixels * scale;
    pen.globalAlpha = alpha;
    pen.stroke(path);
  };
  pen.lineCap = "round";
  pen.lineJoin = "round";
  if (halo && props.accuracy > 0) {
    const pixels = haloPixels(props.accuracy, { latitude: latitudeOf(props), zoom });
    stroke(whole, { color: status ? status.fill : props.own, pixels, alpha: LINE_LOOK.halo });
  }
  if (isChosen) stroke(whole, { color: ink, pixels: width + LINE_LOOK.edge + LINE_LOOK.chosen, alpha: CHOSEN });
  stroke(whole, { color: props.own, pixels: width + LINE_LOOK.edge });
  if (status) paintDashes(pen, { paths, begins }, { dash: status.dash, scale, stroke: (path) => stroke(path, { color: status.fill, pixels: width }) });
}

function paintDashes(pen, { paths, begins }, { dash, scale, stroke }) {
  pen.setLineDash((dash || "").split(/[ ,]+/).filter(Boolean).map((length) => Number(length) * scale));
  paths.forEach((stretch, place) => {
    pen.lineDashOffset = begins[place];
    stroke(pathOf([stretch]));
  });
  pen.setLineDash([]);
}

/**
 * The point of a line that is nearest to another.
 * @param {{x: number, y: number}[][]} paths The line.
 * @param {{x: number, y: number}} pointer The other.
 * @returns {{x: number, y: number, away: number}} It, and how far it is.
 */
export function nearestOn(paths, pointer) {
  let nearest = { x: NaN, y: NaN, away: Infinity };
  for (const path of paths) {
    for (let i = 1; i < path.length; i += 1) {
      const [one, other] = [path[i - 1], path[i]];
      const [across, down] = [other.x - one.x, other.y - one.y];
      const along = ((pointer.x - one.x) * across + (pointer.y - one.y) * down) / (across ** 2 + down ** 2 || 1);
      const share = Math.min(Math.max(along, 0), 1);
      const at = { x: one.x + share * across, y: one.y + share * down };
      const away = Math.hypot(at.x - pointer.x, at.y - pointer.y);
      if (away < nearest.away) nearest = { ...at, away };
    }
  }
  return nearest;
}

/* What facilities serve: possibly (R + a), as stated (R), certainly (R - a). Circles, so that a new radius needs no server. */
import { element } from "../../shared/dom.js";
import { distanceText } from "../../shared/numbers.js";
import { paneOf } from "../panes.js";
import { DRAWINGS } from "../../shared/tokens.js";

/** The three levels, the widest first. */
export const LEVELS = [
  { id: "high", sign: 1, color: DRAWINGS["reach-high"], opacity: 0.3 },
  { id: "central", sign: 0, color: DRAWINGS["reach-central"], opacity: 0.42 },
  { id: "low", sign: -1, color: DRAWINGS["reach-low"], opacity: 0.5 },
];
const DISC_PANE = 403;
const DOT_PANE = 641;
const CANVAS_FROM = 600; // facilities: from here on circles are drawn on a canvas
const ROUGH_METRES = 150; // a place that is less sure than this is drawn as rough
const CLICKABLE_PIXELS = 7;

const dotRadius = (row) => (row.accuracy > ROUGH_METRES ? 3 : 2.5);

/** Three discs and a dot for each facility. */
export class ServedDiscs {
  /**
   * @param {L.Map} map The map.
   * @param {Record<string, string>} text The map's texts.
   * @param {(row: object, at: number[]) => void} [onPick] What a click on a facility does.
   */
  constructor(map, text, onPick) {
    this.map = map;
    this.text = text;
    this.onPick = onPick;
    this.circles = [];
    this.group = L.layerGroup().addTo(map);
    LEVELS.forEach((level, i) => { paneOf(map, `reach-${level.id}`, DISC_PANE + i).style.opacity = level.opacity; });
    paneOf(map, "reach-points", DOT_PANE);
  }

  /**
   * Draw facilities, in place of those from before.
   * @param {{x: number, y: number, accuracy: number, name: string}[]} rows The facilities; accuracy in metres.
   */
  draw(rows) {
    this.clear();
    const makeRenderer = rows.length > CANVAS_FROM ? L.canvas : L.svg;
    const renderers = LEVELS.map((level) => makeRenderer({ pane: `reach-${level.id}`, padding: 0.5 }));
    this.circles = rows.map((row) => {
      const at = [row.y, row.x];
      const discs = LEVELS.map((level, i) => L.circle(at, {
        radius: 0, stroke: false, fillColor: level.color, fillOpacity: 1, interactive: false,
        pane: `reach-${level.id}`, renderer: renderers[i],
      }).addTo(this.group));
      return { row, discs, dot: this.addDot(row, at) };
    });
  }

  addDot(row, at) {
    const isRough = row.accuracy > ROUGH_METRES;
    const dot = L.circleMarker(at, {
      radius: dotRadius(row), weight: 1, color: isRough ? DRAWINGS["rough-edge"] : DRAWINGS.rim, dashArray: isRough ? "2 2" : null,
      fillColor: isRough ? DRAWINGS.rough : DRAWINGS["reach-low"], fillOpacity: 1, pane: "reach-points",
    });
    const { text } = this;
    const label = row.accuracy > 0 ? `${row.name} · ${text.accuracy} ${distanceText(row.accuracy, text)}` : row.name;
    dot.bindTooltip(() => element("span", "", label));
    if (this.onPick) dot.on("click", () => this.onPick(row, at));
    return dot.addTo(this.group);
  }

  /**
   * Make dots large enough for a finger where facilities are to be clicked.
   * @param {boolean} isClickable Whether they are.
   */
  setClickable(isClickable) {
    for (const { row, dot } of this.circles) dot.setRadius(isClickable ? CLICKABLE_PIXELS : dotRadius(row));
  }

  /**
   * R - a, R, R + a for every facility; where a > R there is no certain disc. What is walked to is no circle: then there
   * are dots alone.
   * @param {number} radius R in metres.
   * @param {boolean} isWalk Whether the distance is one along streets.
   */
  grow(radius, isWalk) {
    for (const { row, discs } of this.circles) {
      discs.forEach((disc, i) => disc.setRadius(isWalk ? 0 : Math.max(0, radius + LEVELS[i].sign * row.accuracy)));
    }
  }

  clear() {
    this.group.clearLayers();
    this.circles = [];
  }

  remove() {
    this.group.remove();
  }
}

/* What is near a place: geo.register.near on the table of layers/analysis/near_table.py, so that a position never leaves the browser. */
import { areaDistance, lineDistance } from "./plane.js";

const SETS = ["before", "as_of", "planned"];
const DEGREES = "+proj=longlat +ellps=GRS80 +no_defs";

/** The table with its places in metres of the projected system, made once. */
export class Surroundings {
  /**
   * @param {Record<string, any>} table What near_table gives.
   * @param {(from: string, to: string) => {forward: (point: number[]) => number[]}} proj4 The library Proj4js.
   */
  constructor(table, proj4) {
    const { forward } = proj4(DEGREES, table.projection);
    this.table = table;
    this.project = (lon, lat) => forward([lon, lat]);
    this.districts = table.districts.map((each) => ({ ...each, rings: each.rings.map((ring) => ring.map(forward)) }));
    this.lines = Object.fromEntries(Object.entries(table.lines).map(([id, parts]) => [id, parts.map((part) => part.map(forward))]));
    this.works = this.rowsOf(table.works);
    this.stops = table.stops && this.rowsOf(table.stops);
    this.stations = Object.fromEntries(SETS.map((set) => [set, table.stations[set] && this.setOf(table.stations[set])]));
  }

  rowsOf(columns) {
    const names = Object.keys(columns);
    return columns.id.map((_id, i) => {
      const row = Object.fromEntries(names.map((name) => [name, columns[name][i]]));
      return { ...row, xy: row.lon === null ? null : this.project(row.lon, row.lat) };
    });
  }

  setOf({ day, members, without, ...columns }) {
    return { day, members: new Set(members), without, rows: this.rowsOf(columns) };
  }

  /**
   * What is near a place.
   * @param {{lon: number, lat: number, accuracy?: number, name?: string}} place WGS84 degrees; its radius of error in metres.
   * @returns {Record<string, any> | null} As geo.register.near.Near; null for a place too far from the city.
   */
  near(place) {
    const { lon, lat, accuracy = 0 } = place;
    const { box: [west, south, east, north], margin, bounds, unplaced } = this.table;
    const isAround = lon >= west - margin && lon <= east + margin && lat >= south - margin && lat <= north + margin;
    if (!isAround) return null;
    const here = { xy: this.project(lon, lat), accuracy };
    const away = this.districts.map(({ code, rings }) => ({ code, metres: areaDistance(here.xy, rings) })).sort((a, b) => a.metres - b.metres);
    if (away[0].metres > accuracy + bounds.at(-1)) return null;
    const codes = away.filter(({ metres }) => metres <= accuracy).map(({ code }) => code);
    const works = this.worksNear(here);
    return {
      place: { ...place, accuracy },
      districts: codes,
      works,
      rings: bounds.map((bound) => ({
        bound,
        certain: works.filter((work) => work.certain !== null && work.certain <= bound).length,
        possible: works.filter((work) => work.possible <= bound).length,
      })),
      unplaced: [...codes, ""].map((code) => ({ code, works: (unplaced[code] || [0, 0])[0], totals: (unplaced[code] || [0, 0])[1] })),
      stations: SETS.map((set) => this.stationAnswer(set, here, codes)),
      ...this.nearest(here, codes),
    };
  }

  nearest(here, codes) {
    const { as_of: now, planned } = this.stations;
    const coming = now && planned && planned.rows.filter((row) => !now.members.has(row.id));
    const { stated } = this.table;
    const days = [...codes, ""].map((code) => stated[code]).filter(Boolean).sort();
    return {
      nearestStation: now && first(distances(now.rows, here), "distance"),
      nextStation: coming && first(distances(coming, here), "distance"),
      busStop: {
        stop: this.stops && first(distances(this.stops, here), "distance"),
        asOf: days[0] || "",
        isComplete: this.isComplete("stops", codes),
      },
    };
  }

  isComplete(name, codes) {
    return codes.length > 0 && codes.every((code) => this.table.complete[name].includes(code));
  }

  worksNear(here) {
    const bounds = this.table.bounds;
    const smallest = (metres) => bounds.find((bound) => metres <= bound) ?? null;
    return this.works
      .map((work) => ({ ...work, ...span(work.line === null ? pointDistance(work.xy, here) : this.toLine(work.line, here), work.accuracy, here) }))
      .map((work) => ({ ...work, possible: smallest(work.least), certain: smallest(work.most) }))
      .filter((work) => work.possible !== null)
      .sort((a, b) => a.possible - b.possible || a.distance - b.distance);
  }

  toLine(lineId, here) {
    return Math.min(...this.lines[lineId].map((part) => lineDistance(here.xy, part)));
  }

  stationAnswer(set, here, codes) {
    const stations = this.stations[set];
    const { station_m: bound, before_day: before, as_of: day } = this.table;
    const answer = (within, reason, station, unplaced = 0) => ({ set, day: set === "before" ? before : day, within, reason, station, unplaced });
    if (!stations) return answer("uncertain", "unlisted", null);
    const rows = distances(stations.rows, here);
    const [certain, possible] = [first(rows, "most"), first(rows, "least")];
    if (certain && certain.most <= bound) return answer("yes", "sure", certain);
    if (possible && possible.least <= bound) return answer("uncertain", "errors", possible);
    const nearest = first(rows, "distance");
    const unplaced = stations.without.filter(([, ...line]) => !this.isFarther(line, here, bound)).reduce((sum, [count]) => sum + count, 0);
    if (unplaced) return answer("uncertain", "unplaced", nearest, Math.trunc(unplaced));
    return this.isComplete("stations", codes) ? answer("no", "sure", nearest) : answer("uncertain", "unlisted", nearest);
  }

  /* Whether the line that a station without a place lies on is certainly farther. */
  isFarther([lineId, accuracy], here, bound) {
    if (lineId === null || accuracy === null || !this.lines[lineId]) return false;
    return span(this.toLine(lineId, here), accuracy, here).least > bound;
  }
}

const pointDistance = ([x, y], { xy }) => Math.hypot(x - xy[0], y - xy[1]);

/* The least and the most that a distance can be, by the errors of both ends. */
function span(distance, accuracy, here) {
  const error = accuracy + here.accuracy;
  return { distance, least: Math.max(distance - error, 0), most: distance + error };
}

function distances(rows, here) {
  return rows.map((row) => ({ ...row, ...span(pointDistance(row.xy, here), row.accuracy, here) }));
}

/* The first row with the least of a column; null of no rows. */
function first(rows, column) {
  let best = null;
  for (const row of rows) if (best === null || row[column] < best[column]) best = row;
  return best;
}

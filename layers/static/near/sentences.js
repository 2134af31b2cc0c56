/* What is near a place in the sentences of geo.display.near_text, from its own words. */

const FAR_M = 10000;

/* Rounds as Python's format does: what lies in the middle goes to the even neighbour. */
const rounding = (digits) => {
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false, roundingMode: "halfEven" });
  return (value) => format.format(value);
};
const toOne = rounding(0);
const toTenth = rounding(1);

/** Fills the words of a table. */
export class Sentences {
  /** @param {{texts: Record<string, string>, lang: string, districts: {code: string, name: string}[], station_m: number}} table What near_table gives. */
  constructor(table) {
    this.table = table;
    this.names = new Map(table.districts.map(({ code, name }) => [code, name]));
  }

  /**
   * One text with its fields filled.
   * @param {string} name Its name in geo.display.near_texts.
   * @param {Record<string, any>} [values] What stands for `{field}`.
   * @returns {string} The text.
   */
  say(name, values = {}) {
    return this.table.texts[name].replace(/\{(\w+)\}/g, (whole, field) => (Object.hasOwn(values, field) ? String(values[field]) : whole));
  }

  /**
   * A bound of distance, which is exact.
   * @param {number} metres Such as 500 or 2000.
   * @returns {string} Such as "500 m" or "2 km".
   */
  bound(metres) {
    return metres >= 1000 ? this.say("km", { n: metres / 1000 }) : this.say("m", { n: metres });
  }

  /**
   * A measured distance, from 10 km on to a tenth of a kilometre.
   * @param {number} metres Not negative.
   * @returns {string} Such as "163 m" or "29.6 km".
   */
  length(metres) {
    return metres >= FAR_M ? this.say("km", { n: toTenth(metres / 1000) }) : this.say("m", { n: toOne(metres) });
  }

  /**
   * An error, which is no exact figure.
   * @param {number} metres Not negative.
   * @returns {string} Such as "about 300 m".
   */
  about(metres) {
    if (metres >= 1000) return this.say("about_km", { n: toTenth(metres / 1000).replace(/\.0$/, "") });
    return this.say("about_m", { n: toOne(metres) });
  }

  /**
   * The least and the most of a distance.
   * @param {{least: number, most: number}} row Metres.
   * @returns {string} Such as "12 m to 340 m".
   */
  span({ least, most }) {
    return this.say("span", { least: this.length(least), most: this.length(most) });
  }

  /**
   * The name of a place, its coordinates where it has none.
   * @param {{name?: string, lon: number, lat: number}} place WGS84 degrees.
   * @returns {string} The name.
   */
  placeName({ name, lon, lat }) {
    return name || `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
  }

  /**
   * The answer.
   * @param {Record<string, any>} near What Surroundings.near gives.
   * @returns {[string, string[]][]} Headings, each with its sentences.
   */
  sections(near) {
    const within = this.say("within", { bound: this.bound(this.table.station_m) });
    return [
      [this.say("place_heading"), [this.place(near)]],
      [this.say("works_heading"), [this.works(near), ...this.unplaced(near)]],
      [within, near.stations.map((answer) => this.within(answer))],
      [this.say("stations_heading"), [...this.stations(near), this.busStop(near)]],
    ];
  }

  place({ place, districts }) {
    const between = this.table.lang === "en" ? ", " : "、";
    const there = districts.map((code) => this.names.get(code)).join(between) || this.say("outside");
    const values = { name: this.placeName(place), there, error: this.about(place.accuracy) };
    return this.say(place.accuracy ? "place_about" : "place", values);
  }

  works({ rings }) {
    const counts = rings.map(({ bound, certain, possible }) => this.say("ring", { bound: this.bound(bound), certain, possible }));
    return this.say("whole", { sentence: counts.join(this.say("between")) });
  }

  unplaced({ unplaced }) {
    return unplaced.filter(({ works, totals }) => works || totals)
      .map(({ code, ...counts }) => this.say(code ? "unplaced" : "nowhere", { district: this.names.get(code), ...counts }));
  }

  within({ set, day, within, reason, station, unplaced }) {
    const when = this.say(set, { day });
    const bound = this.bound(this.table.station_m);
    if (within === "no" && !station) return this.say("no_none", { when, bound });
    const values = station ? { station: station.name, ...this.metres(station) } : {};
    return this.say(`${within}_${reason}`, { when, bound, n: unplaced, ...values });
  }

  metres({ name, distance, least, most }) {
    return { name, metres: this.length(distance), least: this.length(least), most: this.length(most) };
  }

  stations({ nearestStation, nextStation }) {
    return [[nearestStation, "nearest_station"], [nextStation, "next_station"]]
      .filter(([station]) => station).map(([station, name]) => this.say(name, this.metres(station)));
  }

  busStop({ busStop: { stop, asOf, isComplete } }) {
    if (!stop) return this.say("no_stop");
    return this.say(isComplete ? "stop" : "stop_unlisted", { as_of: asOf || "—", ...this.metres(stop) });
  }
}

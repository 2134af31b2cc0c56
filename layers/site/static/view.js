/* What a visitor chose to see. It is in the address, in the words of the app's own links, and comes back from it. */
import { dayNumber, dayText, isDayText } from "../../static/shared/days.js";
import { districtsOn, filteredWorks, tables } from "./tables.js";

/** The lists of the filter: their words in a link, and in the state of the map. */
export const FILTER_LISTS = { category: "categories", district: "districts", status: "statuses", certainty: "certainties" };

const ITEM_CHOICES = ["headline", "all"];
const SHADE_CHOICES = ["none", "named", "done", "unplaced", "chosen"];
const USUAL = { work: null, q: "", items: ITEM_CHOICES[0], shade: SHADE_CHOICES[0] };
const QUERY_LENGTH = 60;

/**
 * The scopes that a visitor may choose; the first is what is shown where nobody chose.
 * @returns {string[]} Their names.
 */
export function scopes() {
  return Object.keys(tables.core.config.scopes);
}

/** The view of a page, and who hears when it changes. */
export class View {
  /** Read the view from the page's address. */
  constructor() {
    const { config, districts } = tables.core;
    const optional = config.layers.filter((layer) => layer.optional);
    this.known = {
      category: Object.keys(config.categories),
      district: districts.rows.map((row) => row.id).filter(Boolean),
      status: config.statuses.map((status) => status.id),
      certainty: config.certainties.map((certainty) => certainty.id),
      layers: optional.map((layer) => layer.id),
    };
    this.usualLayers = optional.filter((layer) => layer.shown).map((layer) => layer.id);
    this.listeners = [];
    this.state = this.read(new URLSearchParams(location.search));
    this.hash = location.hash.startsWith("#map=") ? location.hash : "";
    this.updateLinks();
  }

  read(link) {
    const list = (name) => {
      const values = link.getAll(name).flatMap((value) => value.split(","));
      return this.known[name].filter((id) => values.includes(id));
    };
    const one = (name, allowed) => (allowed.includes(link.get(name)) ? link.get(name) : allowed[0]);
    return {
      day: this.dayOf(link.get("as_of")),
      ...Object.fromEntries(Object.keys(FILTER_LISTS).map((name) => [name, list(name)])),
      scope: one("scope", scopes()),
      work: link.get("work") || null,
      q: (link.get("q") || "").slice(0, QUERY_LENGTH),
      items: one("items", ITEM_CHOICES),
      shade: one("shade", SHADE_CHOICES),
      layers: link.has("layers") ? list("layers") : this.usualLayers,
    };
  }

  /* The day that a link names, if it is one and the slider reaches it; else the day the site was made for. */
  dayOf(text) {
    const { day: usual, span: [first, last] } = tables.core;
    if (!isDayText(text)) return usual;
    const day = dayNumber(text);
    return day < first || day > last ? usual : day;
  }

  /** @returns {number[]} The days of the slider, and the view's own. */
  get days() {
    return [...new Set([...tables.core.days, this.state.day])].sort((a, b) => a - b);
  }

  /**
   * Show something else.
   * @param {object} news The parts of the state that are new.
   */
  set(news) {
    const before = this.state;
    this.state = { ...before, ...news };
    this.write();
    for (const listener of this.listeners) listener(this.state, before);
  }

  /**
   * Search for something else.
   * @param {string} query What a visitor typed.
   */
  setQuery(query) {
    this.set({ q: query.trim().slice(0, QUERY_LENGTH) });
  }

  /** Show everything: no filter. */
  clearFilter() {
    this.set({ ...Object.fromEntries(Object.keys(FILTER_LISTS).map((name) => [name, []])), scope: scopes()[0] });
  }

  /** @returns {number} How many things are chosen in the filter. */
  get filterSize() {
    const lists = Object.keys(FILTER_LISTS).reduce((size, name) => size + this.state[name].length, 0);
    return lists + (this.state.scope === scopes()[0] ? 0 : 1);
  }

  /**
   * Hear of changes.
   * @param {(state: object, before: object) => void} listener Hears each of them.
   */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /**
   * The map was moved.
   * @param {string} at Where to, as a link has it.
   */
  moveTo(at) {
    this.hash = `#${at}`;
    this.write();
  }

  /**
   * The address of the view on a page, for others: it names its day, so that it shows the same when the site is made anew.
   * @param {string} page The page, such as "embed.html".
   * @param {string} frame Where the map looks, as a link has it.
   * @returns {string} The whole address.
   */
  sharedAddress(page, frame) {
    const link = new URLSearchParams(this.query());
    link.set("as_of", dayText(this.state.day));
    link.sort();
    return new URL(`${page}?${link}#${frame}`, location.href).href;
  }

  query() {
    const { state } = this;
    const link = new URLSearchParams();
    if (state.day !== tables.core.day) link.set("as_of", dayText(state.day));
    for (const name of Object.keys(FILTER_LISTS)) for (const id of state[name]) link.append(name, id);
    if (state.scope !== scopes()[0]) link.set("scope", state.scope);
    for (const [name, usual] of Object.entries(USUAL)) {
      if (state[name] && state[name] !== usual) link.set(name, state[name]);
    }
    if (state.layers.join() !== this.usualLayers.join()) {
      for (const id of state.layers.length ? state.layers : [""]) link.append("layers", id);
    }
    const text = link.toString();
    return text ? `?${text}` : "";
  }

  write() {
    try {
      history.replaceState(null, "", `${location.pathname}${this.query()}${this.hash}`);
    } catch (error) { // some browsers keep the address of a page from a folder as it is: the view works, its link does not
      if (error.name !== "SecurityError") throw error;
    }
    this.updateLinks();
  }

  /** Links to the other pages carry the view along, frame and all: who comes back from the list finds the map where it was. */
  updateLinks() {
    for (const link of document.querySelectorAll("a[data-carry]")) {
      const [page] = link.getAttribute("href").split(/[?#]/);
      link.href = page + this.query() + this.hash;
    }
  }

  filterChoice() {
    const lists = Object.entries(FILTER_LISTS).map(([name, plural]) => [plural, this.state[name]]);
    return { scope: this.state.scope, ...Object.fromEntries(lists) };
  }

  /** @returns {object} The same view as the map reads it. */
  mapState() {
    const { day, work, layers } = this.state;
    return { ...this.filterChoice(), day, selected: work, layers, shade: this.shades(), shading: this.state.shade };
  }

  /* How dark each district is, from 0 to 1. */
  shades() {
    const { shade, day } = this.state;
    if (shade === SHADE_CHOICES[0]) return null;
    if (shade === "chosen") return Object.fromEntries(this.state.district.map((id) => [id, tables.core.chosen_share]));
    const rows = districtsOn(day).filter((row) => row.id);
    const largest = Math.max(1, ...rows.map((row) => row[shade]));
    return Object.fromEntries(rows.map((row) => [row.id, Math.round((row[shade] / largest) * 1000) / 1000]));
  }

  /** @returns {Record<string, any>[]} The works that pass the filter. */
  works() {
    return filteredWorks(this.state.day, this.filterChoice());
  }
}

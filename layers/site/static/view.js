/* What a visitor asked to see. It is in the address, in the words of the app's own links, and comes back from it. */
"use strict";

const WORDS = { category: "categories", district: "districts", status: "statuses", certainty: "certainties" };

class View {
  constructor() {
    const { core } = TABLES;
    const { config } = core;
    this.known = {
      category: Object.keys(config.categories),
      district: core.districts.rows.map((row) => row.id).filter(Boolean),
      status: config.statuses.map((s) => s.id),
      certainty: config.certainties.map((c) => c.id),
      layers: config.layers.filter((l) => l.optional).map((l) => l.id),
    };
    this.shown = config.layers.filter((l) => l.optional && l.shown).map((l) => l.id);
    this.listeners = [];
    this.state = this.read(new URLSearchParams(location.search));
    this.at = /^#map=/.test(location.hash) ? location.hash : "";
    this.tellLinks();
  }

  read(link) {
    const { core } = TABLES;
    const list = (name) => {
      const values = link.getAll(name).flatMap((value) => value.split(","));
      return this.known[name].filter((id) => values.includes(id));
    };
    const one = (name, allowed) => (allowed.includes(link.get(name)) ? link.get(name) : allowed[0]);
    return {
      day: this.dayOf(link.get("as_of")),
      category: list("category"), district: list("district"), status: list("status"), certainty: list("certainty"),
      scope: one("scope", core.scopes), work: link.get("work") || null, q: (link.get("q") || "").slice(0, 60),
      items: one("items", ["headline", "all"]), shade: one("shade", ["none", "named", "done", "unplaced"]),
      layers: link.has("layers") ? list("layers") : this.shown,
    };
  }

  /* A day that a link asks for, if it is one and the slider reaches it; else the day the site was made for. */
  dayOf(text) {
    const { core } = TABLES;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text || "")) return core.day;
    const date = new Date(`${text}T00:00:00Z`);
    if (Number.isNaN(date.valueOf()) || date.toISOString().slice(0, 10) !== text) return core.day;
    const day = dayNumber(text);
    return day < core.span[0] || day > core.span[1] ? core.day : day;
  }

  get days() {
    return [...new Set([...TABLES.core.days, this.state.day])].sort((a, b) => a - b);
  }

  set(news) {
    const before = this.state;
    this.state = { ...before, ...news };
    this.write();
    for (const listener of this.listeners) listener(this.state, before);
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  moveTo(at) {
    this.at = `#${at}`;
    this.write();
  }

  query() {
    const s = this.state;
    const link = new URLSearchParams();
    if (s.day !== TABLES.core.day) link.set("as_of", dayIso(s.day));
    for (const name of Object.keys(WORDS)) for (const id of s[name]) link.append(name, id);
    if (s.scope !== TABLES.core.scopes[0]) link.set("scope", s.scope);
    for (const [name, usual] of [["work", null], ["q", ""], ["items", "headline"], ["shade", "none"]]) {
      if (s[name] && s[name] !== usual) link.set(name, s[name]);
    }
    if (s.layers.join() !== this.shown.join()) {
      for (const id of s.layers.length ? s.layers : [""]) link.append("layers", id);
    }
    const text = link.toString();
    return text ? `?${text}` : "";
  }

  write() {
    try {
      history.replaceState(null, "", `${location.pathname}${this.query()}${this.at}`);
    } catch (error) { // some browsers keep the address of a page from a folder as it is: the view works, its link does not
      if (error.name !== "SecurityError") throw error;
    }
    this.tellLinks();
  }

  /* Links to the other pages carry the view along. */
  tellLinks() {
    for (const link of document.querySelectorAll("a[data-carry]")) {
      link.href = link.getAttribute("href").split(/[?#]/)[0] + this.query() + (link.dataset.carry === "all" ? this.at : "");
    }
  }

  /* The same filter as the map reads it. */
  forMap() {
    const s = this.state;
    const state = { day: s.day, scope: s.scope, selected: s.work, layers: s.layers, shade: this.shares() };
    for (const [name, plural] of Object.entries(WORDS)) state[plural] = s[name].length ? s[name] : null;
    return state;
  }

  shares() {
    const { shade, day } = this.state;
    if (shade === "none") return null;
    const rows = districtsOn(day).filter((row) => row.id);
    const most = Math.max(1, ...rows.map((row) => row[shade]));
    return Object.fromEntries(rows.map((row) => [row.id, Math.round((row[shade] / most) * 1000) / 1000]));
  }

  /* The works that pass: the rule of geo.register.selection.Selection. */
  selected() {
    const s = this.state;
    const { config } = TABLES.core;
    const scopes = { plan: ["yes"], probable: ["yes", "probable"], all: config.counted };
    const among = (chosen, id) => !chosen.length || chosen.includes(id);
    return worksOn(s.day).filter((row) => scopes[s.scope].includes(config.counted[row.cnt])
      && among(s.category, row.cat)
      && among(s.status, config.statuses[row.status].id)
      && among(s.certainty, config.certainties[row.cert].id)
      && (!s.district.length || row.d.split("|").some((code) => s.district.includes(code))));
  }
}

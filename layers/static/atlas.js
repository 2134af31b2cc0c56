/* Draws the declared layers on folium's Leaflet map and answers filters and dates in the browser.
 * Names and other data reach the page through textContent only. How things look comes from the declarations
 * (layers/*.py); this file knows four ways of drawing and nothing about any city or category. */
"use strict";

const CANVAS_FROM = 1500; // symbols: above this many exact points, one canvas instead of one element each
const CHUNK = 2000; // points added to the canvas in one go, so that the page stays responsive

const el = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const isoDay = (n) => `${Math.floor(n / 10000)}-${String(Math.floor(n / 100) % 100).padStart(2, "0")}`;

function rowsOf(columns) {
  const names = Object.keys(columns);
  const rows = new Array(columns.id.length);
  for (let i = 0; i < rows.length; i++) {
    const row = {};
    for (const name of names) row[name] = columns[name][i];
    row.districts = row.d ? row.d.split("|") : [];
    rows[i] = row;
  }
  return rows;
}

/* Status position of a work on a day: the last pair of its history that is not after the day. */
function statusOn(history, day, unknown) {
  let status = unknown;
  for (let i = 0; i < history.length; i += 2) {
    if (history[i] > day) break;
    status = history[i + 1];
  }
  return status;
}

class Atlas {
  /* Where data comes from: a server here; a page without one (layers/site) puts tables that it holds in this place. */
  static async source(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /* `listener(type, detail)` hears what happens on a map that is part of its page; a map in a frame tells its parent. */
  static async start(map, url, listener) {
    window.atlas = new Atlas(map, await Atlas.source(url), listener);
  }

  constructor(map, config, listener) {
    this.map = map;
    this.cfg = config;
    this.listener = listener;
    this.unknown = config.statuses.findIndex((s) => s.id === "unknown");
    this.state = this.fromLink();
    this.drawn = new Map();
    this.counts = null;
    this.datum = "WGS84";
    map.zoomControl.setPosition("topleft");
    this.addGradients();
    this.addPanes();
    this.addControls();
    this.legend = this.addLegend();
    this.reach = new Reach(this);
    this.siting = new Siting(this);
    this.draft = new Draft(this);
    this.setView();
    this.loading(true);
    this.load().then(() => this.announce());
    window.addEventListener("message", (event) => this.receive(event));
    map.on("moveend", () => this.moved());
    map.on("move", () => this.moving());
  }

  /* A map on its own (embedded, or opened by its address) takes its state from the same words as the app's link. */
  fromLink() {
    const link = new URLSearchParams(location.search);
    const list = (name) => (link.has(name) ? link.getAll(name).flatMap((v) => v.split(",")) : null);
    const day = (link.get("as_of") || "").replaceAll("-", "");
    const now = new Date();
    const today = now.getFullYear() * 10000 + (now.getMonth() + 1) * 100 + now.getDate();
    return {
      day: /^\d{8}$/.test(day) ? Number(day) : today,
      categories: list("category"), districts: list("district"), statuses: list("status"),
      certainties: list("certainty"), scope: link.get("scope") || "plan", layers: null, shade: null,
      selected: link.get("work") || null, basemap: "offline", focus: null, reach: null, draft: null, siting: null,
    };
  }

  receive(event) {
    if (event.origin !== location.origin || event.source !== window.parent) return;
    if (event.data?.type === "atlas:reach") this.reach.grow(event.data.radius);
    if (event.data?.type === "atlas:where") this.moving();
    if (event.data?.type === "atlas:follow") this.follow(event.data.view);
    if (event.data?.type === "atlas:state") this.update(event.data.state);
  }

  update(state) {
    const before = this.state;
    this.state = { ...before, ...state };
    this.stop();
    if (this.state.basemap !== before.basemap) this.setBasemap();
    this.draw();
    this.showReach(before.reach);
    this.siting.show(this.state.siting);
    if (JSON.stringify(this.state.draft) !== JSON.stringify(before.draft)) this.draft.show(this.state.draft);
    const focus = this.state.focus;
    if (focus && JSON.stringify(focus) !== JSON.stringify(before.focus)) this.goTo(focus);
    if (this.state.selected && this.state.selected !== before.selected) this.showSelected();
    if (!this.state.selected) this.mark?.remove();
  }

  showReach(before) {
    const { reach } = this.state;
    if (JSON.stringify(reach) !== JSON.stringify(before)) this.reach.show(reach).then(() => this.fillLegend());
  }

  tell(type, detail) {
    if (this.listener) this.listener(type, detail);
    else if (window.parent !== window) window.parent.postMessage({ type: `atlas:${type}`, ...detail }, location.origin);
  }

  announce() {
    this.loading(false);
    performance.mark("atlas-ready");
    document.body.dataset.ready = "1";
    this.tell("ready", {});
    if (this.state.selected) this.showSelected(location.hash.includes("map="));
  }

  /* Another map beside this one shows the same place; what it is told is not told back. */
  moving() {
    if (this.following || !this.state.paired) return;
    const { lat, lng } = this.map.getCenter();
    this.tell("move", { view: { lat, lng, zoom: this.map.getZoom() } });
  }

  follow({ lat, lng, zoom }) {
    this.following = true;
    const away = this.map.latLngToContainerPoint([lat, lng]).subtract(this.map.getSize().divideBy(2));
    if (zoom === this.map.getZoom() && Math.hypot(away.x, away.y) < 4000) this.map.panBy(away, { animate: false });
    else this.map.setView([lat, lng], zoom, { animate: false });
    this.following = false;
  }

  moved() {
    if (this.following) return;
    const c = this.map.getCenter();
    const at = `map=${this.map.getZoom()}/${c.lat.toFixed(5)}/${c.lng.toFixed(5)}`;
    if (window.parent === window && !this.listener) history.replaceState(null, "", `#${at}`);
    this.tell("view", { at });
  }

  setView() {
    const at = /map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(location.hash);
    if (at) this.map.setView([Number(at[2]), Number(at[3])], Number(at[1]), { animate: false });
    else this.map.fitBounds(this.cfg.bounds, { animate: false });
  }

  goTo(focus) {
    if (focus.bounds) this.map.fitBounds(focus.bounds, { maxZoom: 15 });
    else this.map.setView([focus.lat, focus.lon], Math.max(this.map.getZoom(), focus.zoom || 13));
  }

  // ---- data --------------------------------------------------------------------------------------------------

  async load() {
    const areas = this.cfg.layers.filter((l) => l.draw === "areas");
    await Promise.all(areas.map((layer) => this.fetchLayer(layer)));
    this.draw();
    performance.mark("atlas-first-paint");
    const rest = this.cfg.layers.filter((l) => l.draw !== "areas");
    await Promise.all(rest.map((layer) => this.fetchLayer(layer)));
    this.draw();
  }

  async fetchLayer(layer) {
    try {
      const data = await Atlas.source(`${layer.url}&datum=${this.datum}`);
      const Drawer = { areas: Areas, symbols: Symbols, lines: Lines, bubbles: Bubbles }[layer.draw];
      this.drawn.get(layer.id)?.remove();
      this.drawn.set(layer.id, new Drawer(this, layer, data));
    } catch (error) {
      this.fail(`${layer.title}: ${error.message}`);
    }
  }

  isOn(layer) {
    return !layer.optional || (this.state.layers ? this.state.layers.includes(layer.id) : layer.shown);
  }

  draw() {
    const counts = { status: new Array(this.cfg.statuses.length).fill(0),
      certainty: new Array(this.cfg.certainties.length).fill(0), layers: {} };
    for (const layer of this.cfg.layers) {
      const drawer = this.drawn.get(layer.id);
      if (drawer) counts.layers[layer.id] = drawer.draw(this.isOn(layer), counts);
    }
    this.counts = counts;
    this.fillLegend();
    document.body.dataset.counts = JSON.stringify(counts);
    document.body.dataset.draws = String(Number(document.body.dataset.draws || 0) + 1);
  }

  /* Does a work pass the filter today? Returns its status position, or -1. */
  pass(row) {
    const s = this.state;
    if (row.cnt !== undefined && !this.inScope(this.cfg.counted[row.cnt])) return -1;
    if (row.open !== undefined && row.open > s.day) return -1;
    if (s.categories && row.cat && !s.categories.includes(row.cat)) return -1;
    if (s.districts && !row.districts.some((d) => s.districts.includes(d))) return -1;
    if (s.certainties && row.t && !s.certainties.includes(this.cfg.certainties[row.cert].id)) return -1;
    const status = row.t ? statusOn(row.t, s.day, this.unknown) : this.unknown;
    if (s.statuses && row.t && !s.statuses.includes(this.cfg.statuses[status].id)) return -1;
    return status;
  }

  inScope(counted) {
    const scope = this.state.scope;
    return counted === "yes" || scope === "all" || (scope === "probable" && counted === "probable");
  }

  // ---- furniture ---------------------------------------------------------------------------------------------

  addGradients() {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("width", "0");
    svg.setAttribute("height", "0");
    svg.setAttribute("aria-hidden", "true");
    svg.style.position = "absolute";
    const fills = this.cfg.statuses.map((s) => [s.id, s.fill]).concat([["mixed", "#4d5b6b"], ["base", "#7a7a7a"]]);
    for (const [id, fill] of fills) {
      const gradient = document.createElementNS(ns, "radialGradient");
      gradient.id = `soft-${id}`;
      for (const [offset, opacity] of [[0, 0.34], [0.55, 0.22], [0.85, 0.09], [1, 0.02]]) {
        const stop = document.createElementNS(ns, "stop");
        stop.setAttribute("offset", offset);
        stop.setAttribute("stop-color", fill);
        stop.setAttribute("stop-opacity", opacity);
        gradient.append(stop);
      }
      svg.append(gradient);
    }
    document.body.append(svg);
  }

  addPanes() {
    this.cfg.layers.forEach((layer, i) => {
      this.map.createPane(layer.id).style.zIndex = 401 + 10 * i;
    });
    this.map.createPane("chosen").style.zIndex = 640; // the ring around what was chosen: above every layer
  }

  button(text, label, action) {
    const node = el("button", "atlas-button", text);
    node.type = "button";
    node.title = label;
    node.setAttribute("aria-label", label);
    node.onclick = action;
    return node;
  }

  addControls() {
    const t = this.cfg.text;
    const bar = el("div", "leaflet-bar atlas-bar");
    this.player = this.button("▶", t.play, () => (this.timer ? this.stop(true) : this.play()));
    bar.append(this.button("⌂", t.home, () => this.map.fitBounds(this.cfg.bounds)), this.player);
    if (document.fullscreenEnabled) {
      const full = this.button("", t.fullscreen, () =>
        document.fullscreenElement ? document.exitFullscreen() : this.whole().requestFullscreen());
      full.append(el("span", "atlas-corners"));
      bar.append(full);
    }
    if (!this.listener) bar.append(this.button("⤓", t.picture, () => window.open(this.picture(), "_blank", "noopener")));
    this.place("topleft", bar);
    this.clock = el("div", "atlas-clock");
    this.clock.setAttribute("role", "status");
    this.place("topright", this.clock);
    this.credit = el("div", "atlas-credit", t.sketch);
    this.place("bottomleft", this.credit);
    this.notice = el("div", "atlas-notice");
    this.notice.setAttribute("role", "status");
    this.map.getContainer().append(this.notice);
  }

  /* Address of a printed picture of what is seen: the frame, the day, the filters. */
  picture() {
    const { day, categories, districts, statuses, certainties, scope } = this.state;
    const words = new URLSearchParams({
      format: "png", lang: new URLSearchParams(location.search).get("lang") || "zh",
      as_of: `${isoDay(day)}-${String(day % 100).padStart(2, "0")}`, scope,
      bbox: this.map.getBounds().toBBoxString(), datum: this.datum,
    });
    const lists = { category: categories, district: districts, status: statuses, certainty: certainties };
    for (const [name, list] of Object.entries(lists)) if (list?.length) words.set(name, list.join(","));
    return `../api/picture?${words}`;
  }

  /* What fills the screen: the page of a map in a frame, else the map alone. */
  whole() {
    return this.listener ? this.map.getContainer() : document.documentElement;
  }

  place(position, node) {
    const control = L.control({ position });
    control.onAdd = () => node;
    control.addTo(this.map);
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
  }

  loading(on) {
    this.notice.textContent = on ? this.cfg.text.loading : "";
    this.notice.hidden = !on;
  }

  fail(detail) {
    this.notice.textContent = `${this.cfg.text.failed} (${detail})`;
    this.notice.hidden = false;
    this.notice.classList.add("atlas-error");
  }

  play() {
    const [first, last] = this.cfg.span.map((day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1);
    let month = first;
    const before = this.state.day;
    this.player.textContent = "■";
    this.player.setAttribute("aria-label", this.cfg.text.stop);
    this.resume = before;
    this.timer = setInterval(() => {
      this.state.day = Math.floor(month / 12) * 10000 + ((month % 12) + 1) * 100 + 31;
      this.draw();
      month += 1;
      if (month > last) this.stop(true);
    }, 220);
  }

  stop(restore) {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.player.textContent = "▶";
    this.player.setAttribute("aria-label", this.cfg.text.play);
    if (restore) {
      this.state.day = this.resume;
      this.draw();
    }
  }

  setBasemap() {
    const base = this.cfg.basemaps[this.state.basemap] || this.cfg.basemaps.offline;
    this.tiles?.remove();
    this.tiles = null;
    if (base.url) {
      const subdomains = base.url.includes("autonavi") ? "1234" : "01234567";
      this.tiles = L.tileLayer(base.url, { subdomains, maxZoom: 18, referrerPolicy: "strict-origin" });
      this.tiles.addTo(this.map);
    }
    document.body.classList.toggle("atlas-tiled", Boolean(base.url));
    this.credit.textContent = [base.attribution, this.cfg.text.sketch].filter(Boolean).join(" · ");
    if (base.datum !== this.datum) {
      this.datum = base.datum;
      this.load();
      const { reach } = this.state;
      if (reach) this.reach.show(null).then(() => this.reach.show(reach));
    }
  }

  // ---- legend: made from the declarations, counted from what passes the filter ----------------------------------

  addLegend() {
    const box = el("details", "atlas-legend");
    box.open = window.innerWidth > 640;
    box.append(el("summary", "", this.cfg.text.legend), el("div", "atlas-legend-body"));
    this.place("bottomright", box);
    return box.lastChild;
  }

  fillLegend() {
    const body = el("div", "atlas-legend-body");
    const { text } = this.cfg;
    this.clock.textContent = isoDay(this.state.day);
    if (this.state.reach) body.append(this.legendPart(text.reach, this.reach.legend()));
    body.append(
      this.legendPart(text.status, this.cfg.statuses.map((status, i) =>
        this.counts.status[i] && this.legendRow(statusMark(status), status.label, this.counts.status[i]))),
      this.legendPart(text.certainty, this.cfg.certainties.map((certainty, i) => this.counts.certainty[i] && this.legendRow(
        el("span", `atlas-cert atlas-cert-${certainty.id}`), certainty.label, this.counts.certainty[i], certainty.help))),
      this.legendPart(text.layers, this.cfg.layers.map((layer) => this.layerRow(layer))),
      el("p", "atlas-basis", text.basis),
    );
    this.legend.replaceWith(body);
    this.legend = body;
  }

  legendPart(title, rows) {
    const part = el("section");
    const shown = rows.filter(Boolean);
    if (shown.length) part.append(el("h2", "", title), ...shown);
    return part;
  }

  layerRow(layer) {
    if (!layer.optional || !this.isOn(layer) || !this.drawn.has(layer.id)) return null;
    const mark = el("span", `atlas-swatch atlas-swatch-${layer.draw}`);
    mark.style.setProperty("--c", layer.style.color || layer.style.fill || "#0072b2");
    return this.legendRow(mark, layer.title, this.counts.layers[layer.id]);
  }

  legendRow(mark, label, count, help) {
    const row = el("div", "atlas-legend-row");
    if (help) row.title = help;
    row.append(mark, el("span", "atlas-legend-label", label), el("b", "", String(count)));
    return row;
  }

  // ---- selection -------------------------------------------------------------------------------------------------

  select(row, at) {
    this.state.selected = row.id;
    this.popup(at, this.card(row));
    this.ring(at);
    this.tell("select", { id: row.id });
  }

  card(row) {
    const { cfg } = this;
    const box = el("div", "atlas-card");
    box.append(el("strong", "", row.name));
    if (row.t) {
      const status = cfg.statuses[statusOn(row.t, this.state.day, this.unknown)];
      const line = el("div", "atlas-card-line");
      line.append(statusMark(status), el("span", "", status.label));
      box.append(line);
    } else if (row.label) box.append(el("div", "", row.label));
    if (row.open) box.append(el("div", "", `${cfg.text.opened} ${isoDay(row.open)}`));
    if (row.acc > 0) box.append(el("div", "atlas-card-line", `${cfg.text.accuracy} ${this.distance(row.acc)}`));
    return box;
  }

  distance(metres) {
    const { km, m } = this.cfg.text;
    return metres >= 1000 ? `${(metres / 1000).toFixed(1).replace(/\.0$/, "")} ${km}` : `${Math.round(metres)} ${m}`;
  }

  popup(at, node) {
    L.popup({ maxWidth: 280, autoPanPadding: [20, 20] }).setLatLng(at).setContent(node).openOn(this.map);
  }

  ring(at) {
    this.mark?.remove();
    this.mark = L.circleMarker(at, { radius: 17, color: "#111", weight: 3, fill: false, dashArray: "3 4",
      interactive: false, pane: "chosen" });
    this.mark.addTo(this.map);
  }

  /* What was chosen in a list is brought so near that it stands apart; a frame that a link names is kept if it can be. */
  showSelected(framed = false) {
    for (const drawer of this.drawn.values()) {
      const found = drawer.find?.(this.state.selected);
      if (!found) continue;
      const inside = this.map.getBounds().pad(-0.1).contains(found.at);
      if (found.bounds) this.map.fitBounds(found.bounds, { maxZoom: 13, animate: false });
      else if (!inside || !framed) this.map.setView(found.at, Math.max(this.map.getZoom(), 13), { animate: false });
      this.ring(found.at);
      return;
    }
    this.mark?.remove();
  }

  openGroup(rows, at, acc) {
    const box = el("div", "atlas-card");
    const { text } = this.cfg;
    box.append(el("strong", "", text.works_here_title));
    box.append(el("div", "", `${rows.length} ${text.works_here} · ${text.accuracy} ${this.distance(acc)}`));
    const list = el("ul", "atlas-list");
    for (const row of rows) {
      const item = el("li");
      const status = this.cfg.statuses[statusOn(row.t || [], this.state.day, this.unknown)];
      const button = el("button", "atlas-link", row.name);
      button.type = "button";
      button.onclick = () => this.select(row, at);
      item.append(statusMark(status), button);
      list.append(item);
    }
    box.append(list);
    this.popup(at, box);
  }
}

/* Leaflet gives names to image icons only; ours are drawn, so each gets its name for screen readers and keyboards. */
function label(marker, text) {
  marker.options.title = text;
  const set = () => {
    marker.getElement()?.setAttribute("aria-label", text);
    marker.getElement()?.setAttribute("title", text);
  };
  marker.off("add", marker.setLabel).on("add", set);
  marker.setLabel = set;
  set();
}

/* A click, or Enter or space on the focused symbol. */
function onPress(marker, action) {
  marker.on("click", action);
  marker.on("keypress", ({ originalEvent }) => ["Enter", " "].includes(originalEvent.key) && action());
}

function statusMark(status) {
  const mark = el("span", "atlas-status", status.mark);
  mark.style.background = status.fill;
  mark.style.color = status.ink;
  mark.title = status.label;
  return mark;
}

// ---- areas: districts and lakes ------------------------------------------------------------------------------------

class Areas {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    const { style } = layer;
    this.base = { pane: layer.id, interactive: false, color: style.stroke, weight: style.width,
      fillColor: style.fill, fillOpacity: 1 };
    this.group = L.geoJSON(data, this.base).addTo(atlas.map);
    this.labels = L.layerGroup();
    if (style.labels) {
      for (const { properties } of data.features) this.addLabel(properties);
      this.labels.addTo(atlas.map);
    }
  }

  addLabel({ name, at }) {
    const node = el("span", "atlas-place", name);
    const icon = L.divIcon({ className: "atlas-place-anchor", html: node, iconSize: [0, 0] });
    L.marker([at[1], at[0]], { icon, interactive: false, keyboard: false, pane: "shadowPane" }).addTo(this.labels);
  }

  draw() {
    const { shade } = this.atlas.state;
    const tiled = Boolean(this.atlas.tiles);
    this.group.eachLayer((shape) => {
      const share = this.layer.style.shade && shade ? shade[shape.feature.properties.id] : undefined;
      const shaded = share !== undefined;
      shape.setStyle({
        fillColor: shaded ? this.layer.style.shade : this.layer.style.fill,
        fillOpacity: shaded ? 0.08 + 0.62 * share : tiled ? 0 : 1,
      });
    });
    return this.group.getLayers().length;
  }

  remove() {
    this.group.remove();
    this.labels.remove();
  }
}

// ---- symbols: exact points, soft discs, groups that share one approximate place ----------------------------------------

class Symbols {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.rows = rowsOf(data.columns);
    this.group = L.layerGroup().addTo(atlas.map);
    this.svg = L.svg({ pane: layer.id, padding: 0.5 });
    const placed = this.rows.filter((row) => row.x !== null);
    const exactAt = atlas.cfg.certainties.findIndex((c) => c.id === "exact");
    const exact = placed.filter((row) => row.cert === exactAt);
    this.points = exact.length > CANVAS_FROM ? new CanvasPoints(this, exact) : new ElementPoints(this, exact);
    this.clusters = this.byPlace(placed.filter((row) => row.cert !== exactAt));
    this.nowhere = this.rows.filter((row) => row.x === null);
  }

  byPlace(rows) {
    const places = new Map();
    for (const row of rows) {
      const key = `${row.x},${row.y}`;
      if (!places.has(key)) places.set(key, new SharedPlace(this, row));
      places.get(key).add(row);
    }
    return [...places.values()];
  }

  draw(on, counts) {
    let n = this.points.draw(on, counts);
    for (const cluster of this.clusters) n += cluster.draw(on, counts);
    for (const row of this.nowhere) this.count(row, this.atlas.pass(row), counts);
    return n;
  }

  count(row, status, counts) {
    if (status < 0 || !this.layer.counted) return;
    counts.status[status] += 1;
    counts.certainty[row.cert] += 1;
  }

  find(id) {
    const row = this.rows.find((r) => r.id === id && r.x !== null);
    return row && { row, at: L.latLng(row.y, row.x) };
  }

  remove() {
    this.group.remove();
  }
}

class ElementPoints {
  constructor(owner, rows) {
    this.owner = owner;
    this.items = rows.map((row) => ({ row, marker: null, status: -1 }));
  }

  draw(on, counts) {
    let n = 0;
    for (const item of this.items) {
      const status = this.owner.atlas.pass(item.row);
      this.owner.count(item.row, status, counts);
      if (on && status >= 0) {
        n += 1;
        this.show(item, status);
      } else if (item.marker) item.marker.remove();
    }
    return n;
  }

  show(item, status) {
    const { atlas, layer, group } = this.owner;
    if (!item.marker) {
      item.marker = L.marker([item.row.y, item.row.x], { pane: layer.id });
      onPress(item.marker, () => atlas.select(item.row, item.marker.getLatLng()));
    }
    if (item.status !== status) item.marker.setIcon(symbolIcon(atlas, layer, item.row, status));
    if (item.status !== status) label(item.marker, item.row.name);
    item.status = status;
    if (!group.hasLayer(item.marker)) item.marker.addTo(group);
  }
}

function symbolIcon(atlas, layer, row, status) {
  const look = atlas.cfg.statuses[status];
  const size = layer.style.size;
  const node = el("span", "atlas-symbol");
  node.style.setProperty("--fill", layer.style.color || look.fill);
  node.style.setProperty("--ink", look.ink);
  node.classList.add(`atlas-is-${look.id}`);
  if (layer.style.glyph) {
    node.textContent = atlas.cfg.categories[row.cat]?.glyph || "";
    node.append(el("i", "atlas-symbol-mark", look.mark));
  }
  return L.divIcon({ html: node, className: "atlas-symbol-anchor", iconSize: [size, size] });
}

class CanvasPoints {
  constructor(owner, rows) {
    this.owner = owner;
    this.renderer = L.canvas({ padding: 0.3, pane: owner.layer.id, tolerance: 4 });
    this.items = rows.map((row) => ({ row, shape: null, status: -1, on: false }));
    this.turn = 0;
  }

  draw(on, counts) {
    let n = 0;
    for (const item of this.items) {
      const status = this.owner.atlas.pass(item.row);
      this.owner.count(item.row, status, counts);
      item.want = on && status >= 0 ? status : -1;
      if (item.want >= 0) n += 1;
    }
    this.turn += 1;
    this.apply(0, this.turn);
    return n;
  }

  /* In chunks between frames: a newer draw makes an older one stop. */
  apply(from, turn) {
    if (turn !== this.turn) return;
    const to = Math.min(from + CHUNK, this.items.length);
    for (let i = from; i < to; i++) this.show(this.items[i]);
    if (to < this.items.length) setTimeout(() => this.apply(to, turn), 0);
  }

  show(item) {
    const { atlas, group } = this.owner;
    if (item.want < 0) {
      if (item.on) group.removeLayer(item.shape);
      item.on = false;
      return;
    }
    const look = atlas.cfg.statuses[item.want];
    if (!item.shape) {
      item.shape = L.circleMarker([item.row.y, item.row.x], { renderer: this.renderer, radius: 4, weight: 1,
        color: "#fff", fillColor: look.fill, fillOpacity: 0.9 });
      item.shape.on("click", () => atlas.select(item.row, item.shape.getLatLng()));
    } else if (item.status !== item.want) item.shape.setStyle({ fillColor: look.fill });
    item.status = item.want;
    if (!item.on) group.addLayer(item.shape);
    item.on = true;
  }
}

/* All works whose best place is the same approximate point: one soft disc, one symbol with their number. */
class SharedPlace {
  constructor(owner, row) {
    this.owner = owner;
    this.at = L.latLng(row.y, row.x);
    this.rows = [];
    this.acc = 0;
    this.look = "";
  }

  add(row) {
    this.rows.push(row);
    this.acc = Math.max(this.acc, row.acc || 0);
  }

  draw(on, counts) {
    const seen = [];
    const statuses = new Set();
    for (const row of this.rows) {
      const status = this.owner.atlas.pass(row);
      this.owner.count(row, status, counts);
      if (status < 0) continue;
      seen.push(row);
      statuses.add(status);
    }
    this.seen = seen;
    if (on && seen.length) this.show(statuses.size === 1 ? [...statuses][0] : -1);
    else this.hide();
    return on ? seen.length : 0;
  }

  show(status) {
    const { atlas, group, layer, svg } = this.owner;
    const id = status < 0 ? "mixed" : atlas.cfg.statuses[status].id;
    if (!this.disc) {
      const tint = layer.style.color ? "base" : id;
      this.disc = L.circle(this.at, { radius: this.acc, stroke: false, fillOpacity: 1, renderer: svg,
        fillColor: `url(#soft-${tint})`, className: "atlas-disc" });
      this.disc.on("click", () => this.open());
    }
    if (!layer.style.color) this.disc.setStyle({ fillColor: `url(#soft-${id})` });
    if (!group.hasLayer(this.disc)) this.disc.addTo(group);
    if (layer.style.badges !== false) this.badge(id, status);
  }

  badge(id, status) {
    const { atlas, group, layer } = this.owner;
    const look = `${id}:${this.seen.length}`;
    if (!this.marker) {
      this.marker = L.marker(this.at, { pane: layer.id });
      onPress(this.marker, () => this.open());
    }
    if (look !== this.look) {
      const one = this.seen.length === 1;
      const text = one ? atlas.cfg.categories[this.seen[0].cat]?.glyph || "" : String(this.seen.length);
      const node = el("span", "atlas-badge", text);
      if (status >= 0) node.append(el("i", "atlas-symbol-mark", atlas.cfg.statuses[status].mark));
      this.marker.setIcon(L.divIcon({ html: node, className: "atlas-symbol-anchor", iconSize: [26, 26] }));
      label(this.marker, one ? this.seen[0].name : `${this.seen.length} ${atlas.cfg.text.works_here}`);
      this.look = look;
    }
    if (!group.hasLayer(this.marker)) this.marker.addTo(group);
  }

  hide() {
    this.disc?.remove();
    this.marker?.remove();
  }

  open() {
    if (this.seen.length === 1) this.owner.atlas.select(this.seen[0], this.at);
    else this.owner.atlas.openGroup(this.seen, this.at, this.acc);
  }
}

// ---- lines: a halo as wide as the position error, a line dashed by status ------------------------------------------------

class Lines {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.group = L.layerGroup().addTo(atlas.map);
    const renderer = L.svg({ pane: layer.id, padding: 0.5 });
    this.items = data.features.map((feature) => this.item(feature, renderer));
    if (layer.style.halo) atlas.map.on("zoomend", this.widen, this);
  }

  item(feature, renderer) {
    const row = { ...feature.properties };
    row.districts = row.d ? row.d.split("|") : [];
    const rough = L.geoJSON(feature, { style: { renderer, interactive: false, opacity: 0.13, lineCap: "round", lineJoin: "round" } });
    const line = L.geoJSON(feature, { style: { renderer, weight: this.layer.style.width, color: this.layer.style.color } });
    line.bindTooltip(() => el("span", "", row.name), { sticky: true });
    line.on("click", (event) => (row.t ? this.atlas.select(row, event.latlng) : this.atlas.popup(event.latlng, this.atlas.card(row))));
    return { row, rough, line, at: line.getBounds().getCenter() };
  }

  draw(on, counts) {
    let n = 0;
    for (const item of this.items) {
      const status = this.atlas.pass(item.row);
      if (status >= 0 && this.layer.counted) {
        counts.status[status] += 1;
        counts.certainty[item.row.cert] += 1;
      }
      if (on && status >= 0) {
        n += 1;
        this.show(item, this.atlas.cfg.statuses[status]);
      } else {
        item.rough.remove();
        item.line.remove();
      }
    }
    return n;
  }

  show(item, look) {
    if (!this.layer.style.color) {
      item.line.setStyle({ color: look.fill, dashArray: look.dash });
      item.rough.setStyle({ color: look.fill });
    }
    if (this.layer.style.halo && item.row.acc > 0) {
      item.rough.setStyle({ weight: this.pixels(item.row.acc) });
      item.rough.addTo(this.group);
    }
    item.line.addTo(this.group);
  }

  pixels(metres) {
    const latitude = this.atlas.map.getCenter().lat * (Math.PI / 180);
    const perPixel = (40075016.686 * Math.cos(latitude)) / 2 ** (this.atlas.map.getZoom() + 8);
    return Math.min((2 * metres) / perPixel, 600);
  }

  widen() {
    for (const item of this.items) item.rough.setStyle({ weight: this.pixels(item.row.acc) });
  }

  find(id) {
    const item = this.items.find((i) => i.row.id === id);
    return item && { row: item.row, at: item.at, bounds: item.line.getBounds() };
  }

  remove() {
    this.atlas.map.off("zoomend", this.widen, this);
    this.group.remove();
  }
}

// ---- bubbles: reported totals without names, in proportion, beside the district's name ------------------------------------

class Bubbles {
  constructor(atlas, layer, data) {
    this.atlas = atlas;
    this.layer = layer;
    this.group = L.layerGroup().addTo(atlas.map);
    this.rows = rowsOf(data.columns);
    const largest = new Map();
    for (const row of this.rows) {
      row.max = Math.max(...row.q.map((q) => q[1]));
      largest.set(row.cat, Math.max(largest.get(row.cat) || 0, row.max));
    }
    for (const row of this.rows) row.share = row.max / largest.get(row.cat);
    this.markers = new Map();
  }

  draw(on) {
    let n = 0;
    const slots = new Map();
    for (const row of this.rows) {
      const passes = on && this.atlas.pass({ ...row, t: undefined }) >= 0;
      if (!passes) {
        this.markers.get(row)?.remove();
        continue;
      }
      n += 1;
      const slot = slots.get(row.d) || 0;
      slots.set(row.d, slot + 1);
      this.show(row, slot);
    }
    return n;
  }

  /* Reported as done by the day, else what was planned: the word beside the number says which. */
  figure(row) {
    const done = row.q.filter((q) => q[2] && q[0] <= this.atlas.state.day);
    const planned = row.q.filter((q) => !q[2]);
    const { text } = this.atlas.cfg;
    if (done.length) return [text.reported, done[done.length - 1][1], "done"];
    return planned.length ? [text.planned, planned[planned.length - 1][1], "planned"] : [text.planned, row.max, "planned"];
  }

  show(row, slot) {
    const [word, value, kind] = this.figure(row);
    const radius = Math.max(13, this.layer.style.max_radius * Math.sqrt(row.share));
    const look = `${word}${value}${slot}`;
    let marker = this.markers.get(row);
    if (!marker) {
      marker = L.marker([row.y, row.x], { pane: this.layer.id });
      onPress(marker, () => this.atlas.select(row, marker.getLatLng()));
      this.markers.set(row, marker);
    }
    if (marker.look !== look) {
      const node = el("span", `atlas-bubble atlas-bubble-${kind}`);
      node.style.setProperty("--r", `${radius}px`);
      node.append(el("b", "", String(value)), el("small", "", this.atlas.cfg.categories[row.cat]?.glyph || ""));
      const anchor = [radius - 44 * (slot - 0.5), -12];
      marker.setIcon(L.divIcon({ html: node, className: "atlas-symbol-anchor", iconSize: [2 * radius, 2 * radius], iconAnchor: anchor }));
      label(marker, `${row.name} · ${word} ${value} ${row.unit} · ${this.atlas.cfg.text.unplaced}`);
      marker.look = look;
    }
    if (!this.group.hasLayer(marker)) marker.addTo(this.group);
  }

  remove() {
    this.group.remove();
  }
}

/* The live part of the coverage page: a slider that answers while it moves, and the table by district beside the map.
 * Numbers come from the same API that programs ask; texts reach the page through textContent only. */
"use strict";

const SETS = ["before", "as_of", "planned"];

const el = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const percent = (share) => (share === null || share === undefined ? "—" : `${(share * 100).toFixed(share < 0.0995 ? 2 : 1)}%`);
const interval = (low, high) => (low === null ? "—" : `${percent(low).slice(0, -1)}–${percent(high)}`);
const whole = (value) => (value === null || value === undefined ? "—" : Math.round(value).toLocaleString("en-US"));

class Panel {
  constructor(parent) {
    this.root = parent.querySelector(".cov-root");
    this.asked = 0;
    this.shown = 0;
    this.cache = new Map();
    this.head = el("div", "cov-head");
    this.table = el("div", "scroll");
    this.notes = el("ul", "cov-notes quiet");
    this.error = el("p", "cov-error");
    this.error.setAttribute("role", "alert");
    this.detail = el("div", "cov-detail");
    this.detail.setAttribute("aria-live", "polite");
    this.root.append(this.head, this.error, this.detail, this.table, this.notes);
    this.makeSlider();
  }

  makeSlider() {
    this.label = el("label", "cov-label");
    this.slider = el("input");
    this.slider.type = "range";
    this.output = el("output", "cov-output");
    this.slider.addEventListener("input", () => this.move(Number(this.slider.value)));
    this.slider.addEventListener("change", () => this.release(Number(this.slider.value)));
    this.label.append(el("span", "cov-title"), this.slider, this.output);
    this.head.append(this.label);
  }

  update(data, fire) {
    const fresh = JSON.stringify({ ...data, picked: "" }) !== JSON.stringify({ ...this.data, picked: "" });
    const moved = data.picked !== this.data?.picked;
    this.data = data;
    this.fire = fire;
    if (moved) this.picked = data.picked;
    if (moved && !fresh && this.answers) this.mark();
    if (!fresh) return;
    this.slider.min = data.range[0];
    this.slider.max = data.range[1];
    this.slider.step = data.range[2];
    this.slider.value = data.radius;
    this.label.hidden = !data.slider;
    this.label.firstChild.textContent = data.text.radius;
    this.radius = data.radius;
    this.say();
    if (!this.root.dataset.answers) this.table.replaceChildren(el("p", "quiet", data.text.loading));
    this.ask();
  }

  say() {
    const { text } = this.data;
    const minutes = this.data.speed ? ` · ${text.minutes.replace("{n}", String(Math.round(this.radius / this.data.speed)))}` : "";
    this.output.textContent = `${whole(this.radius)} ${text.m}${minutes}`;
    this.slider.setAttribute("aria-valuetext", this.output.textContent);
  }

  move(radius) {
    this.radius = radius;
    this.say();
    for (const frame of document.querySelectorAll("iframe.atlas-frame")) {
      frame.contentWindow?.postMessage({ type: "atlas:reach", radius }, location.origin);
    }
    this.ask();
  }

  release(radius) {
    this.fire("radius", { value: radius });
  }

  url(set) {
    const words = new URLSearchParams({ ...this.data.words, set, lang: this.data.lang });
    if (this.data.slider) words.set("radius", String(this.radius));
    if (this.data.scenario) words.set("scenario", this.data.scenario);
    return `${this.data.base}/api/coverage?${words}`;
  }

  async one(set) {
    const url = this.url(set);
    if (!this.cache.has(url)) {
      const answer = await fetch(url);
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error || String(answer.status));
      if (this.cache.size > 400) this.cache.clear();
      this.cache.set(url, body);
    }
    return this.cache.get(url);
  }

  /* One question on the way at a time; a newer radius waits and replaces the one that waited before. */
  async ask() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const radius = this.radius;
      const answers = await Promise.all(SETS.map((set) => this.one(set)));
      this.error.textContent = "";
      this.draw(Object.fromEntries(SETS.map((set, i) => [set, answers[i]])), radius);
    } catch (error) {
      this.error.textContent = error.message;
      this.table.replaceChildren();
      this.detail.replaceChildren();
      this.notes.replaceChildren();
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.ask();
    }
  }

  draw(answers, radius) {
    const { data } = this;
    this.answers = answers;
    const rows = SETS.map((set) => answers[set].rows);
    const table = el("table", "cov-table");
    table.append(el("caption", "", data.text.caption.replace("{set}", data.text.sets[data.set])), this.header());
    const body = el("tbody");
    rows[0].forEach((_, i) => body.append(this.row(Object.fromEntries(SETS.map((set, k) => [set, rows[k][i]])))));
    table.append(body);
    const held = this.table.contains(document.activeElement);
    this.table.replaceChildren(table);
    if (held) this.table.querySelector(".cov-picked button")?.focus();
    this.tell();
    this.notes.replaceChildren(...answers[data.set].notes.map((note) => el("li", "", note)));
    this.root.dataset.radius = String(radius);
    this.root.dataset.answers = String(Number(this.root.dataset.answers || 0) + 1);
  }

  header() {
    const { text } = this.data;
    return this.heads([text.district, text.bars, text.share, text.interval,
      this.data.by === "residents" ? text.served_people : text.served_land, text.placed]);
  }

  heads(names) {
    const head = el("thead");
    const row = el("tr");
    for (const name of names) {
      const cell = el("th", "", name);
      cell.scope = "col";
      row.append(cell);
    }
    head.append(row);
    return head;
  }

  row(sets) {
    const { data } = this;
    const key = data.by === "residents" ? "share_residents" : "share_area";
    const now = sets[data.set];
    const line = el("tr", now.district_code === data.city ? "cov-city" : "");
    line.classList.toggle("cov-picked", now.district_code === (this.picked || data.city));
    const name = el("th");
    name.scope = "row";
    const button = el("button", "", now.district);
    button.type = "button";
    button.setAttribute("aria-expanded", String(line.classList.contains("cov-picked")));
    name.append(button);
    line.dataset.code = now.district_code;
    line.addEventListener("click", () => this.pick(now.district_code));
    const served = data.by === "residents" ? whole(now.residents_served) : now.served_km2 === null ? "—" : now.served_km2.toFixed(1);
    const cells = [percent(now[key]), interval(now[`${key}_low`], now[`${key}_high`]), served,
      `${now.facilities_placed}/${now.facilities_known}`];
    line.append(name, this.bars(sets, key), ...cells.map((cell) => el("td", "", cell)));
    return line;
  }

  pick(code) {
    this.picked = code;
    this.mark();
    this.fire("picked", { code });
  }

  mark() {
    const code = this.picked || this.data.city;
    for (const line of this.table.querySelectorAll("tbody tr")) {
      line.classList.toggle("cov-picked", line.dataset.code === code);
      line.querySelector("button").setAttribute("aria-expanded", String(line.dataset.code === code));
    }
    this.tell();
  }

  /* The district that is picked: before, on the day and planned below each other, with how sure each is. */
  tell() {
    const { data } = this;
    const code = this.picked || data.city;
    const rows = SETS.map((set) => this.answers[set].rows.find((row) => row.district_code === code));
    const { text } = data;
    const table = el("table", "cov-lines");
    const caption = `${rows[0].district} · ${whole(this.radius)} ${text.m}`;
    table.append(el("caption", "", caption), this.heads(["", text.share, text.interval, text.served_people, text.interval]));
    const body = el("tbody");
    const key = data.by === "residents" ? "share_residents" : "share_area";
    rows.forEach((row, i) => {
      const line = el("tr", SETS[i] === data.set ? "cov-picked" : "");
      const name = el("th", "", text.sets[SETS[i]]);
      name.scope = "row";
      name.classList.add(`cov-of-${SETS[i]}`);
      const between = row.residents_served_low === null ? "—" : `${whole(row.residents_served_low)}–${whole(row.residents_served_high)}`;
      const cells = [percent(row[key]), interval(row[`${key}_low`], row[`${key}_high`]), whole(row.residents_served), between];
      line.append(name, ...cells.map((cell) => el("td", "", cell)));
      body.append(line);
    });
    table.append(body);
    const box = el("div", "scroll");
    box.append(table);
    this.detail.replaceChildren(box);
    this.detail.dataset.code = code;
  }

  /* Three thin bars, before / on the day / planned; the line through each is its low to high. */
  bars(sets, key) {
    const cell = el("td", "cov-bars");
    const box = el("div", "cov-bars-box");
    const said = [];
    for (const set of SETS) {
      const row = sets[set];
      const bar = el("div", `cov-bar cov-${set}${set === this.data.set ? " cov-now" : ""}`);
      const fill = el("i");
      fill.style.width = `${(row[key] || 0) * 100}%`;
      const span = el("span");
      span.style.left = `${(row[`${key}_low`] || 0) * 100}%`;
      span.style.width = `${((row[`${key}_high`] || 0) - (row[`${key}_low`] || 0)) * 100}%`;
      bar.append(fill, span);
      box.append(bar);
      said.push(`${this.data.text.sets[set]} ${percent(row[key])}`);
    }
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", said.join("，"));
    box.title = said.join("\n");
    cell.append(box);
    return cell;
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.atlasCoverage ??= new Panel(parentElement);
  parentElement.atlasCoverage.update(data, setTriggerValue);
}

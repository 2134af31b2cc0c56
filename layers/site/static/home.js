/* The progress map: the app's own map front-end in the page, with search, the plan's items and cards beside it. */
"use strict";

Atlas.source = async (url) => TABLES.core.layers[url.split("&")[0]];

function makeMap(view, listener) {
  const map = L.map("map", TABLES.core.map);
  L.control.scale().addTo(map);
  const atlas = new Atlas(map, TABLES.core.config, listener);
  Object.assign(atlas.state, view.forMap());
  window.atlas = atlas;
  return atlas;
}

function startHome() {
  const view = new View();
  const panel = document.getElementById("card-panel");
  const atlas = makeMap(view, (type, detail) => {
    if (type === "view") view.moveTo(detail.at);
    if (type === "select") view.set({ work: detail.id });
  });
  bindSlider(view);
  bindFilters(view);
  bindItems(view);
  bindSearch(view, atlas);
  const card = document.getElementById("card");
  const counts = document.getElementById("counts");
  const show = (state, before) => {
    panel.hidden = !state.work;
    document.body.classList.toggle("has-card", Boolean(state.work));
    counts.textContent = countsLine("counts_map", view.selected());
    if (state.work && (state.work !== before?.work || state.day !== before?.day)) showCard(card, state.work, state.day);
    if (state.work && state.work !== before?.work) panel.scrollTop = 0;
  };
  document.getElementById("card-close").onclick = () => {
    view.set({ work: null });
    atlas.map.closePopup();
    document.getElementById("map").focus();
  };
  view.onChange((state, before) => {
    atlas.update(view.forMap());
    show(state, before);
  });
  show(view.state, null);
}

/* The four numbers of the plan's items on the day. */
function bindItems(view) {
  const body = document.querySelector("#items tbody");
  const caption = document.querySelector("#items caption");
  const tabs = [...document.querySelectorAll("#item-tabs button")];
  for (const tab of tabs) tab.onclick = () => view.set({ items: tab.value });
  const show = (state, before) => {
    if (before && before.day === state.day && before.items === state.items) return;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.value === state.items));
    caption.textContent = say("items_caption", { day: dayIso(state.day) });
    const rows = itemsOn(state.day).filter((item) => state.items === "all" || item.headline);
    body.replaceChildren(...rows.map(itemRow));
  };
  view.onChange(show);
  show(view.state, null);
}

function itemRow(item) {
  const row = el("tr");
  row.dataset.item = item.id;
  const name = el("th", "", item.name);
  name.scope = "row";
  const target = el("td", "", `${number(item.target)} `);
  target.append(el("small", "", item.unit));
  const named = el("td", "", number(item.named));
  if (item.probable) {
    const maybe = el("small", "", ` +${number(item.probable)}?`);
    maybe.title = say("maybe");
    named.append(maybe);
  }
  const promise = el("td");
  promise.append(el("b", item.promise, TABLES.core.text.promises[item.promise]));
  row.append(name, target, named, el("td", "", number(item.placed)), el("td", "", number(item.done)), promise);
  return row;
}

function bindSearch(view, atlas) {
  const field = document.getElementById("q");
  const list = document.getElementById("found");
  const show = () => {
    const query = field.value.slice(0, 60);
    const found = query.trim() ? searchAll(query, view.state.day) : [];
    list.replaceChildren(...found.map((one) => foundRow(one, view, atlas)));
    if (query.trim() && !found.length) list.append(el("li", "quiet", say("not_found", { query: query.trim() })));
    list.hidden = !list.childElementCount;
  };
  field.value = view.state.q;
  field.addEventListener("input", () => {
    view.set({ q: field.value.trim().slice(0, 60) });
    show();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
  });
  show();
}

function foundRow({ kind, row }, view, atlas) {
  const button = el("button", `found-${kind}`, row.district ? `${row.name} · ${row.district}` : row.name);
  button.type = "button";
  button.onclick = () => {
    if (kind === "work") view.set({ work: row.id });
    else atlas.update({ focus: { lat: row.lat, lon: row.lon, zoom: 13 } });
  };
  const item = el("li");
  item.append(button);
  return item;
}

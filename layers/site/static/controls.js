/* The widgets that the map and the list share: day, filters, layers. They are in the page; here they meet the view. */
"use strict";

/* A date by month where it is a month's last day, else whole. */
function dayLabel(day) {
  const iso = dayIso(day);
  const last = new Date(Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), 0)).getUTCDate();
  return Number(iso.slice(8)) === last ? iso.slice(0, 7) : iso;
}

function bindSlider(view) {
  const slider = document.getElementById("day");
  const output = document.getElementById("day-label");
  const { days } = view;
  slider.max = String(days.length - 1);
  const show = (day) => {
    slider.value = String(days.indexOf(day));
    slider.setAttribute("aria-valuetext", dayIso(day));
    output.textContent = dayLabel(day);
  };
  const go = (place) => {
    const day = days[Math.min(Math.max(place, 0), days.length - 1)];
    if (day !== view.state.day) view.set({ day });
  };
  slider.addEventListener("input", () => go(Number(slider.value)));
  document.getElementById("day-back").onclick = () => go(days.indexOf(view.state.day) - 1);
  document.getElementById("day-on").onclick = () => go(days.indexOf(view.state.day) + 1);
  view.onChange((state) => show(state.day));
  show(view.state.day);
}

function bindFilters(view) {
  const box = document.getElementById("filters");
  const fields = [...box.querySelectorAll("input, select")];
  const read = () => {
    const news = {};
    for (const field of fields) {
      if (field.type !== "checkbox") news[field.name] = field.value;
      else news[field.name] = (news[field.name] || []).concat(field.checked ? field.value : []);
    }
    view.set(news);
  };
  const show = (state) => {
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = state[field.name].includes(field.value);
      else field.value = state[field.name];
    }
    const chosen = Object.keys(WORDS).reduce((n, name) => n + state[name].length, 0) + (state.scope !== TABLES.core.scopes[0]);
    box.querySelector(".filters-count").textContent = chosen ? String(chosen) : "";
    box.querySelector(".filters-reset").hidden = !chosen;
  };
  box.addEventListener("change", read);
  box.querySelector(".filters-reset").onclick = () =>
    view.set({ category: [], district: [], status: [], certainty: [], scope: TABLES.core.scopes[0] });
  view.onChange(show);
  show(view.state);
  if (window.innerWidth < 1000) box.open = false;
}

/* Says how many of what; announced to screen readers by the page. */
function countsLine(name, rows) {
  const placed = rows.filter((row) => row.placed).length;
  return say(name, { n: rows.length, placed, unplaced: rows.length - placed });
}

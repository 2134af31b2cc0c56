/* What is near a place: searched for, in the link, or where the visitor is. The place is in the part of the address that no browser sends. */
import { answerParts } from "../../static/near/answer_view.js";
import { Surroundings } from "../../static/near/answer.js";
import { ownPosition } from "../../static/near/own_position.js";
import { button, element } from "../../static/shared/dom.js";
import { dayNumber } from "../../static/shared/days.js";
import { bindSearchField, typedCoordinates } from "./search_field.js";
import { loadTable, tables, text } from "./tables.js";

const CHOICES = 12;
const ZOOM = 14;
const DECIMALS = 6;

const mapAddress = ({ lon, lat, id }) =>
  `index.html${id ? `?work=${encodeURIComponent(id)}` : ""}#map=${ZOOM}/${lat.toFixed(DECIMALS)}/${lon.toFixed(DECIMALS)}`;

/**
 * Start the page.
 * @returns {Promise<void>} Ends when it answers.
 */
export async function startNear() {
  const page = new NearPage(new Surroundings(tables.near, window.proj4));
  window.atlasSite.near = page.surroundings;
  window.addEventListener("hashchange", () => page.showLink());
  document.getElementById("locate").addEventListener("click", () => page.locate());
  const show = bindSearchField({
    day: () => dayNumber(tables.near.as_of),
    limit: CHOICES,
    item: (answer) => page.choice(answer),
    offer: (query) => page.coordinates(query),
  });
  try {
    await loadTable("search");
  } catch {
    page.say(text("failed"));
    return;
  }
  show();
  page.showLink();
  document.body.dataset.ready = "1";
}

class NearPage {
  constructor(surroundings) {
    this.surroundings = surroundings;
    this.answer = document.getElementById("answer");
    this.status = document.getElementById("near-status");
  }

  say(message) {
    this.status.textContent = message;
  }

  /* An answer of the search: a district leads to its page, anything else is a place or has none. */
  choice({ kind, row }) {
    const label = [row.name, row.kind, row.district].filter(Boolean).join(" · ");
    if (kind === "district") {
      const link = element("a", "found-district", label);
      link.href = `districts/${encodeURIComponent(row.id)}.html`;
      return link;
    }
    const place = placeOf(row.id);
    const choice = button(`found-${kind}`, place ? label : text("no_single_place", { label }), () => this.goTo(`near=${encodeURIComponent(row.id)}`));
    choice.disabled = !place;
    return choice;
  }

  goTo(hash) {
    const field = document.getElementById("q");
    field.value = "";
    field.dispatchEvent(new Event("input"));
    if (location.hash === `#${hash}`) this.showLink();
    else location.hash = hash;
    this.answer.focus();
  }

  /* The place that was typed as coordinates. */
  coordinates(query) {
    const at = typedCoordinates(query);
    return at ? [button("found-place", text("around", { at: at.join(", ") }), () => this.goTo(`at=${at.join(",")}`))] : [];
  }

  /* The place that the address holds behind its #. */
  showLink() {
    const link = new URLSearchParams(location.hash.slice(1));
    const [lon, lat, accuracy = "0"] = (link.get("at") || "").split(",");
    if (link.has("near")) this.show(placeOf(link.get("near")));
    else if (link.has("at")) this.show(isPlace(lon, lat, accuracy) ? { lon: Number(lon), lat: Number(lat), accuracy: Number(accuracy) } : null);
  }

  show(place) {
    const near = place && this.surroundings.near(place);
    if (near) this.say("");
    else this.say(text(place ? "far_away" : "no_such_place"));
    this.answer.replaceChildren(...(near ? answerParts(tables.near, near, { map: mapAddress }) : []));
  }

  async locate() {
    this.say(text("locating"));
    try {
      const place = { ...await ownPosition(), name: text("here") };
      this.show(place);
      if (this.answer.childElementCount) this.answer.append(linkToIt(place));
    } catch (error) {
      this.say(text(error.message));
    }
  }
}

/* A link to one's own place is there to be taken; the address of the page does not change by itself. */
function linkToIt({ lon, lat, accuracy }) {
  const line = element("p");
  const link = element("a", "", text("link_here"));
  link.href = `#at=${lon.toFixed(DECIMALS)},${lat.toFixed(DECIMALS)},${Math.round(accuracy)}`;
  line.append(link);
  return line;
}

function isPlace(...words) {
  return words.every((word) => /^-?\d+(\.\d+)?$/.test(word || ""));
}

/* A work, a facility or a named place; null where it has no single place. */
function placeOf(id) {
  const { places } = tables.near;
  if (Object.hasOwn(places, id)) {
    const [lon, lat, accuracy] = places[id];
    return { lon, lat, accuracy, name: nameIn(tables.search.works, id) };
  }
  for (const { columns } of [tables.search.facilities, tables.search.places]) {
    const i = columns.id.indexOf(id);
    if (i >= 0) return columns.lon[i] === null ? null : { lon: columns.lon[i], lat: columns.lat[i], accuracy: columns.accuracy[i], name: columns.name[i] };
  }
  return null;
}

function nameIn({ columns }, id) {
  return columns.name[columns.id.indexOf(id)];
}

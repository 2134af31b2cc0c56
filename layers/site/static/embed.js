/* One map for another site's frame: its state is in its address, its title, its credits and the way to the whole view stand around it. */
import { dayText } from "../../static/shared/days.js";
import { addEmbedLines, wholeView } from "../../static/map/embed_lines.js";
import { addMap } from "./page_map.js";
import { tables } from "./tables.js";
import { View } from "./view.js";

/** Start the page. */
export function startEmbed() {
  const view = new View();
  const { share, config } = tables.core;
  const address = `index.html${view.query()}`;
  const news = { at: view.hash.slice(1) };
  const title = `${share.title} · ${dayText(view.state.day)}`;
  const container = document.getElementById("map");
  const lines = addEmbedLines(container, { title, credits: share.credits, address: wholeView(address, news) }, config.text);
  addMap(view, (type, { at, id, day }) => {
    if (type === "view") news.at = at;
    if (type === "select") news.id = id;
    if (type === "day") news.day = dayText(day);
    lines.show(wholeView(address, news));
  });
}

/* One map for another site's frame: its state is in its address, its works lead to the atlas. */
import { addMap } from "./page_map.js";
import { View } from "./view.js";

/** Start the page. */
export function startEmbed() {
  const view = new View();
  addMap(view, (type, detail) => {
    if (type === "view") view.hash = `#${detail.at}`;
    if (type === "select") view.state.work = detail.id;
    if (type === "day") view.state.day = detail.day;
    view.updateLinks();
  });
  for (const link of document.querySelectorAll("a[data-carry]")) link.target = "_blank";
}

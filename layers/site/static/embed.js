/* One map for another site's frame: its state is in its address, its works lead to the atlas. */
"use strict";

function startEmbed() {
  const view = new View();
  const links = [...document.querySelectorAll("a[data-carry]")];
  makeMap(view, (type, detail) => {
    if (type === "view") view.at = `#${detail.at}`;
    if (type === "select") view.state.work = detail.id;
    view.tellLinks();
  });
  for (const link of links) link.target = "_blank";
}

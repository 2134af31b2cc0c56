/* Starts the page; the page says which of them it is. */
import { showSinceLastVisit } from "../../static/shared/last_visit.js";
import { showCard } from "./card.js";
import { startEmbed } from "./embed.js";
import { startHome } from "./home.js";
import { startList } from "./list.js";
import { startNear } from "./near.js";
import { rankWorks, searchAll } from "./search.js";
import { loadTerms } from "./similar.js";
import { loadTable, tables, worksOn } from "./tables.js";

const STARTS = { home: startHome, list: startList, embed: startEmbed, near: startNear };

/* For tests, and for a look from the console. */
window.atlasSite = { tables, days: () => tables.core.days, worksOn, rankWorks, searchAll, loadTable, loadTerms, showCard };

function showNews() {
  const box = document.getElementById("since-visit");
  if (!box) return;
  document.body.dataset.news = box.dataset.news;
  showSinceLastVisit(box, {
    load: () => loadTable("news"),
    address: (workId) => `index.html?scope=all&work=${encodeURIComponent(workId)}`,
  });
}

document.addEventListener("DOMContentLoaded", () => {
  STARTS[document.body.dataset.page]();
  showNews();
});

/* Starts the page; the page says which of them it is. */
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

document.addEventListener("DOMContentLoaded", () => STARTS[document.body.dataset.page]());

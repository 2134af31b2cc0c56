/* The page says which of them it is. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  ({ home: startHome, list: startList, embed: startEmbed })[document.body.dataset.page]();
});

/* The map as a picture, drawn by the browser from the page itself: title, map, legend, credits. */
import { loadScript } from "./tables.js";

const SHARPNESS = 2; // pixels of the picture for one of the screen
const LEFT_OUT = ".slider, .share, .tool, .leaflet-control-zoom, .atlas-bar, .atlas-notice, noscript";
const PRINTED = "print-sheet";

/**
 * Save a picture of the view, or print it.
 * @param {"png" | "svg" | "print"} kind What is made of it.
 * @param {{day: string, title: string, credits: string}} words The view's day and title; who is credited.
 */
export async function savePicture(kind, { day, title, credits }) {
  await loadScript("screenshot");
  const address = await drawn(kind === "svg" ? svgAddress : window.modernScreenshot.domToPng, `${title} · ${day} · ${credits}`);
  if (kind === "print") await print(address);
  else save(address, `atlas-map-${day}.${kind}`);
}

/* While it is drawn the legend is open, and the line of credits is shown. */
async function drawn(draw, credits) {
  const stage = document.querySelector(".stage");
  const line = document.getElementById("picture-line");
  const legend = stage.querySelector(".atlas-legend");
  const wasOpen = legend.open;
  line.textContent = credits;
  line.hidden = false;
  legend.open = true;
  try {
    return await draw(stage, {
      scale: SHARPNESS, font: false, backgroundColor: getComputedStyle(document.body).backgroundColor,
      filter: (node) => !node.matches?.(LEFT_OUT),
    });
  } finally {
    line.hidden = true;
    legend.open = wasOpen;
  }
}

/* Letters stay letters: the page itself stands in the drawing, which browsers show. */
async function svgAddress(node, options) {
  const drawing = await window.modernScreenshot.domToForeignObjectSvg(node, options);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`;
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/* A sheet with the picture alone, for as long as the printer's dialogue is open. */
async function print(address) {
  const sheet = document.createElement("img");
  sheet.className = PRINTED;
  sheet.alt = "";
  sheet.src = address;
  await sheet.decode();
  document.querySelector("dialog[open]")?.close();
  document.body.append(sheet);
  document.body.classList.add("prints-sheet");
  window.addEventListener("afterprint", () => {
    sheet.remove();
    document.body.classList.remove("prints-sheet");
  }, { once: true });
  window.print();
}

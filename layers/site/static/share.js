/* The share box: the view's link, its QR code, its citation, the code of a frame, its pictures. All of it is made here, with no network. */
import { dayOfDate, dayText } from "../../static/shared/days.js";
import { savePicture } from "./picture.js";
import { loadScript, tables, text } from "./tables.js";

const QR_PIXELS = 4; // of one square of a code
const QR_BORDER = 4; // squares around it

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" }; // as Python's html.escape

const escaped = (value) => value.replace(/[&<>"']/g, (sign) => ESCAPES[sign]);

/**
 * The code that puts a page into another site's page (geo.display.view.frame_code writes the same).
 * @param {string} address Address of the page that is framed.
 * @param {string} title What the frame is.
 * @returns {string} One line of HTML; both values are escaped.
 */
export function frameCode(address, title) {
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="480" loading="lazy" allowfullscreen=""></iframe>`;
}

/**
 * The citation of a view in one of its forms (geo.display.citation makes them).
 * @param {string} form A text with the fields @day@, @year@, @seen@ and @address@.
 * @param {{day: string, seen: string, address: string}} values The view's day, the day it is read, its address.
 * @returns {string} The text.
 */
export function citation(form, { day, seen, address }) {
  const values = { day, seen, address, year: day.slice(0, 4) };
  return form.replace(/@(\w+)@/g, (_whole, name) => values[name]);
}

/**
 * Join the share box to a view.
 * @param {import("./view.js").View} view The view.
 * @param {import("../../static/map/atlas_map.js").AtlasMap} atlas Its map.
 */
export function bindShare(view, atlas) {
  const box = document.getElementById("share");
  const texts = () => sharedTexts(view, atlas.camera.frame());
  document.getElementById("share-open").addEventListener("click", () => {
    fill(texts());
    box.showModal();
  });
  const actions = { close: () => box.close(), png: () => picture("png"), svg: () => picture("svg"), print: () => picture("print") };
  const picture = async (kind) => {
    say(text("making_picture"));
    try {
      await savePicture(kind, { day: dayText(view.state.day), title: tables.core.share.title, credits: tables.core.share.credits });
      say("");
    } catch {
      say(text("failed"));
    }
  };
  box.addEventListener("click", ({ target }) => {
    if (target === box) box.close();
    const { value } = target.closest("button") || {};
    if (!value) return;
    if (actions[value]) actions[value]();
    else copy(texts()[value]);
  });
}

function say(message) {
  document.getElementById("share-status").textContent = message;
}

async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
    say(text("copied"));
  } catch {
    say(text("copy_failed"));
  }
}

/* What each field of the box holds, by its name. */
function sharedTexts(view, frame) {
  const { title, citation: forms } = tables.core.share;
  const page = location.pathname.split("/").pop();
  const link = view.sharedAddress(page, frame);
  const values = { day: dayText(view.state.day), seen: dayText(dayOfDate(new Date())), address: link };
  const cited = Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, citation(form, values)]));
  return { link, embed: frameCode(view.sharedAddress("embed.html", frame), title), ...cited };
}

function fill(texts) {
  for (const [name, value] of Object.entries(texts)) document.getElementById(`share-${name}`).textContent = value;
  say("");
  showQr(texts.link);
}

async function showQr(address) {
  const place = document.getElementById("share-qr");
  place.replaceChildren();
  place.dataset.of = "";
  if (address.length > tables.core.share.longest_qr) {
    say(text("qr_too_long"));
    return;
  }
  await loadScript("qr");
  const code = window.qrcode(0, "M"); // 0: as large as it must be
  code.addData(address, "Byte");
  code.make();
  place.replaceChildren(qrImage(code));
  place.dataset.of = address;
}

function qrImage(code) {
  const image = document.createElement("img");
  image.src = code.createDataURL(QR_PIXELS, QR_BORDER * QR_PIXELS);
  image.alt = "";
  return image;
}

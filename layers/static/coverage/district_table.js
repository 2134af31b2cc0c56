/* The table by district: how much is served before, on the day and with the whole plan. */
import { button, element, rowHeading } from "../shared/dom.js";
import { numberText, percentRangeText, percentText, wholeText } from "../shared/numbers.js";
import { SETS } from "./answers.js";

/**
 * Which share a question is about.
 * @param {{by: string}} data The question.
 * @returns {string} The field of an answer's rows; with `_low` and `_high` behind it the certain and the possible share.
 */
export function shareField(data) {
  return data.by === "residents" ? "share_residents" : "share_area";
}

/**
 * The least and the most that a share can be: of residents by both models of where people live, of land by errors of places.
 * @param {Record<string, number | null>} row A row of an answer.
 * @param {{by: string}} data The question.
 * @returns {string} Both as one text.
 */
export function shareRangeText(row, data) {
  const field = shareField(data);
  return data.by === "residents"
    ? percentRangeText(row.share_residents_least, row.share_residents_most)
    : percentRangeText(row[`${field}_low`], row[`${field}_high`]);
}

/**
 * The head of a table.
 * @param {string[]} names Its columns.
 * @returns {HTMLElement} The head.
 */
export function tableHead(names) {
  const head = element("thead");
  const row = element("tr");
  for (const name of names) {
    const cell = element(name ? "th" : "td", "", name); // the corner above the rows' names heads nothing
    if (name) cell.scope = "col";
    row.append(cell);
  }
  head.append(row);
  return head;
}

/**
 * The table by district.
 * @param {Record<string, {rows: object[]}>} answers Answers by set.
 * @param {Record<string, any>} data The question and its texts.
 * @param {string} pickedCode Code of the district that is picked.
 * @param {(code: string) => void} onPick What a click on a row does.
 * @returns {HTMLTableElement} The table.
 */
export function districtTable(answers, data, pickedCode, onPick) {
  const { text } = data;
  const table = element("table", "cov-table");
  const served = data.by === "residents" ? text.served_people : text.served_land;
  const body = element("tbody");
  answers[data.set].rows.forEach((_row, i) => {
    const rows = Object.fromEntries(SETS.map((set) => [set, answers[set].rows[i]]));
    body.append(districtRow(rows, data, onPick));
  });
  table.append(
    element("caption", "", text.caption.replace("{set}", text.sets[data.set])),
    tableHead([text.district, text.bars, text.share, text.interval_share, served, text.placed]),
    body,
  );
  markPicked(table, pickedCode);
  return table;
}

/**
 * Mark the picked district in a table.
 * @param {HTMLElement} box The table, or what it stands in.
 * @param {string} code Code of the district.
 */
export function markPicked(box, code) {
  for (const line of box.querySelectorAll("tbody tr")) {
    const isPicked = line.dataset.code === code;
    line.classList.toggle("cov-picked", isPicked);
    line.querySelector("button").setAttribute("aria-expanded", String(isPicked));
  }
}

function districtRow(rows, data, onPick) {
  const row = rows[data.set];
  const field = shareField(data);
  const line = element("tr", row.district_code === data.city ? "cov-city" : "");
  const name = rowHeading();
  name.append(button("", row.district)); // for the keyboard: the click is the row's
  line.dataset.code = row.district_code;
  line.addEventListener("click", () => onPick(row.district_code));
  const cells = [
    percentText(row[field]),
    shareRangeText(row, data),
    data.by === "residents" ? wholeText(row.residents_served) : areaText(row.served_km2),
    `${row.facilities_placed}/${row.facilities_known}`,
  ];
  line.append(name, barsCell(rows, data), ...cells.map((cell) => element("td", "", cell)));
  return line;
}

const areaText = (squareKilometres) => (squareKilometres === null ? numberText(null) : squareKilometres.toFixed(1));

/* Three thin bars, before / on the day / planned; the line through each is its low to high. */
function barsCell(rows, data) {
  const cell = element("td", "cov-bars");
  const box = element("div", "cov-bars-box");
  const field = shareField(data);
  const descriptions = SETS.map((set) => `${data.text.sets[set]} ${percentText(rows[set][field])}`);
  box.append(...SETS.map((set) => bar(rows[set], field, `cov-bar cov-${set}${set === data.set ? " cov-now" : ""}`)));
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", descriptions.join("，"));
  box.title = descriptions.join("\n");
  cell.append(box);
  return cell;
}

function bar(row, field, className) {
  const [share, low, high] = [field, `${field}_low`, `${field}_high`].map((name) => row[name] || 0);
  const node = element("div", className);
  const fill = element("i");
  const range = element("span");
  fill.style.width = `${share * 100}%`;
  range.style.left = `${low * 100}%`;
  range.style.width = `${(high - low) * 100}%`;
  node.append(fill, range);
  return node;
}

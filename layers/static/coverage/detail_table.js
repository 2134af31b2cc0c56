/* The district that is picked: before, on the day and planned below each other, with how sure each is. */
import { element, rowHeading } from "../shared/dom.js";
import { farText } from "../shared/far.js";
import { percentText, wholeRangeText, wholeText } from "../shared/numbers.js";
import { SETS } from "./answers.js";
import { shareField, shareRangeText, tableHead } from "./district_table.js";

/**
 * The small table of one district.
 * @param {Record<string, {rows: object[]}>} answers Answers by set.
 * @param {Record<string, any>} data The question and its texts.
 * @param {{code: string, radius: number}} picked Code of the district, and the radius in metres.
 * @returns {HTMLTableElement} The table.
 */
export function detailTable(answers, data, { code, radius }) {
  const { text } = data;
  const rows = SETS.map((set) => answers[set].rows.find((row) => row.district_code === code));
  const table = element("table", "cov-lines");
  const body = element("tbody");
  body.append(...rows.map((row, i) => setRow(row, SETS[i], data)));
  table.append(
    element("caption", "", `${rows[0].district} · ${farText(radius, data)}`),
    tableHead(["", text.share, text.interval_share, text.served_people, text.interval]),
    body,
  );
  return table;
}

function setRow(row, set, data) {
  const field = shareField(data);
  const line = element("tr", set === data.set ? "cov-picked" : "");
  const name = rowHeading(data.text.sets[set]);
  name.classList.add(`cov-of-${set}`);
  const cells = [
    percentText(row[field]),
    shareRangeText(row, data),
    wholeText(row.residents_served),
    wholeRangeText(row.residents_served_low, row.residents_served_high),
  ];
  line.append(name, ...cells.map((cell) => element("td", "", cell)));
  return line;
}

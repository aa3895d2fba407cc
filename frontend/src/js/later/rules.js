// The rules that what is made is held to, the same as in hocvuso/library/source/making.py; one list of cases holds both
// to it (making_cases.json in the tests there).
import { plain } from "./kit.js";

const LOOKS = {
  "<year>": /\b(19|20)\d\d\b/,
  "<date>": /\b\d{1,2}( tháng |[/-])\d{1,2}|\b\d{1,2}\.\d{1,2}\.\d{2}/,
  "<link>": /[\w-]+(\.[\w-]+)*\.[a-z]{2,}/,
  "<number>": /\d/,
  "<phone>": /(\+84|\b0)([ .-]?[\dx]){8,10}/,
  "<code>": /(^|\D)\d{6}(\D|$)/,
  "<card>": /(\d[ .-]?){12,19}/,
  "<quote>": /["“][^"“”]+["”]/,
};

const spaced = (text) => ` ${(text.normalize("NFC").toLowerCase().match(/\p{Nd}+|[\p{L}\p{Nl}\p{No}]+|%/gu) ?? []).join(" ")} `;
const number = (cell = "") => Number(cell.replace(/\D/g, ""));
export const cellsOf = (line) => line.split("|").map((cell) => cell.trim());

function isSum(text, at) {
  const parts = text.split("\n").map((line) => number(cellsOf(line)[at]));
  const total = parts.pop();
  return total > 0 && parts.reduce((sum, part) => sum + part, 0) === total;
}

/** Whether nothing is written: no word and no number. */
export const isBlank = (text) => !spaced(text).trim();

/** The rows of a table that something stands in, but for its total. */
function filled(text, rules) {
  const lines = text.split("\n").map(cellsOf);
  if (rules.some((rule) => rule.sum)) lines.pop();
  return lines.filter(([first, ...others]) => first && others.some(Boolean)).length;
}

/** Whether a text is as a rule asks, nothing at all never; what is forbidden is told apart by its marks (nhất, nhặt). */
export function isMet(rule, written, { columns, rules }) {
  const text = written.normalize("NFC");
  const has = (entry, bare) => LOOKS[entry]?.test(text.toLowerCase()) ?? spaced(bare(text)).includes(spaced(bare(entry)));
  if (isBlank(text)) return false;
  if (rule.must) return rule.must.some((entry) => has(entry, plain));
  if (rule.must_not) return !rule.must_not.some((entry) => has(entry, (words) => words));
  if (rule.rows) return filled(text, rules) >= rule.rows;
  if (rule.sum) return isSum(text, columns.indexOf(rule.sum));
  const count = (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length;
  return count >= (rule.words ?? 0) && count <= (rule.at_most ?? count);
}

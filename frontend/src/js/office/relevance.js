// Whether a question is asked: the same as `rules_relevance.holds` on the server, from what is typed so far.
const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** A number as people write it: `1.234,5`, `1.234`, `1234.5`, `1 234,5`; else NaN. */
function number(typed) {
  let text = typed.replace(/ /g, "");
  if (/^-?[1-9]\d{0,2}(\.\d{3})+$/.test(text)) text = text.replace(/\./g, "");
  else if (text.includes(",") && text.includes(".")) text = text.replace(text.lastIndexOf(",") > text.lastIndexOf(".") ? /\./g : /,/g, "");
  text = text.replace(/,/g, ".");
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
}

/** Whether a condition (nested lists) holds for answers, a Map from the names of questions to what is typed. */
export function holds([word, ...parts], answers) {
  if (word === "and") return parts.every((part) => holds(part, answers));
  if (word === "or") return parts.some((part) => holds(part, answers));
  if (word === "not") return !holds(parts[0], answers);
  const [code, value] = parts;
  const given = answers.get(code) ?? "";
  if (word === "selected") return given.split(" ").includes(value);
  return COMPARE[word](typeof value === "number" ? number(given) : given, value);
}

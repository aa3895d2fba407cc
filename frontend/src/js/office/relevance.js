import { readNumber } from "../reading.js";

// Whether a question is asked: the same as `rules_relevance.holds` on the server, from what is typed so far.
const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** A number in the language of the page; else NaN. */
const number = (typed) => readNumber(typed, globalThis.document?.documentElement.lang || "vi") ?? NaN;

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

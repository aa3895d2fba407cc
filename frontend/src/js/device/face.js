// The face of a person on this phone: the first letter of the name on one of eight colours, chosen by the name.
import { el } from "../dom.js";

const COLOURS = 8;

/** A small picture beside a name; `data-colour` says which of the colours. */
export function face(name) {
  const letter = [...(name.trim().split(/\s+/).pop() ?? "")][0]?.toLocaleUpperCase("vi") ?? "?";
  const colour = [...name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) % COLOURS;
  return el("span", { class: "initial", "data-colour": colour, "aria-hidden": "true" }, letter);
}

// The face of a person on this phone: one of the house's cast that they chose, else the first letter of the name on one
// of eight colours.
import { el } from "../dom.js";

const COLOURS = 8;

const drawn = () => [...(document.querySelector("[data-faces]")?.content.querySelectorAll("[data-face]") ?? [])];

/** The faces to choose from: [key, name, drawing]. */
export const faces = () => drawn().map((node) => [node.dataset.face, node.dataset.name, node.firstElementChild.cloneNode(true)]);

/** A small picture beside a name; `data-colour` says which of the colours. */
export function face(name, key) {
  const chosen = drawn().find((node) => node.dataset.face === key);
  if (chosen) return chosen.firstElementChild.cloneNode(true);
  const letter = [...(name.trim().split(/\s+/).pop() ?? "")][0]?.toLocaleUpperCase("vi") ?? "?";
  const colour = [...name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) % COLOURS;
  return el("span", { class: "initial", "data-colour": colour, "aria-hidden": "true" }, letter);
}

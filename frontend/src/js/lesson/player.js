// What the three players share: a stage that says what to do, answers each act, and shows the result.
import { el, say } from "../dom.js";

/** Prepare a practice section: hide the plain list, return the stage. */
export function stage(section) {
  section.querySelector(".plain").hidden = true;
  const box = section.querySelector(".player");
  box.hidden = false;
  return box;
}

/** The line that answers each act; screen readers hear it. */
export const answerLine = () => el("div", { class: "feedback", role: "status" });

export function answer(line, text, kind) {
  line.className = `feedback ${kind}`;
  line.textContent = text;
}

/** The end: score, closing words, again. `again` restarts; focus goes to the score. */
export function ending(box, data, good, all, again) {
  const score = el("p", { class: "score", tabindex: "-1" }, say(`Bạn làm đúng ngay ${good} trên ${all}.`, `Right at once: ${good} of ${all}.`));
  const button = el("button", { class: "button quiet", type: "button", on: { click: again } }, say("Làm lại từ đầu", "Start again"));
  box.replaceChildren(score, el("p", {}, data.done), el("p", { class: "actions" }, button));
  score.focus({ preventScroll: true });
}

/** Text compared as people type it: case, spaces and diacritics do not matter. */
export const plain = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();

// What the three players share: a stage that says what to do, answers each act, and shows the result.
import { button, el, icon, sayIn } from "../dom.js";

const ANSWERS = {
  good: ["circle-check", ["Đúng: ", "Right: "]],
  bad: ["circle-alert", ["Chưa đúng: ", "Not quite: "]],
  hint: ["lightbulb", ["Gợi ý: ", "Hint: "]],
};

/**
 * Prepare a practice section. The parts of the stage stay in place while their contents change, because a live region
 * that is replaced is not read out.
 */
export function stage(section) {
  const box = section.querySelector(".player");
  const parts = {
    box,
    say: sayIn(section),
    count: el("span"),
    bar: el("progress", { max: 1, value: 0, "aria-hidden": "true" }),
    words: el("p", { class: "say" }),
    body: el("div", { class: "stage" }),
    line: el("div", { class: "feedback", role: "status" }),
    actions: el("p", { class: "actions" }),
  };
  const task = el("div", { class: "task" }, el("p", { class: "count" }, parts.count, parts.bar), parts.words);
  section.querySelector(".plain").hidden = true;
  box.replaceChildren(task, parts.body, parts.line, parts.actions);
  box.hidden = false;
  return parts;
}

/** Say where one is (`at` of `all`) and what to do now. */
export function ask(parts, at, all, words) {
  parts.count.textContent = parts.say(`Việc ${at + 1} trên ${all}`, `Step ${at + 1} of ${all}`);
  parts.bar.value = at / all;
  parts.words.textContent = words;
}

/** Answer an act, in words, sign and colour. kind: good, bad, hint, or nothing to be silent. */
export function answer({ line, say }, kind, text) {
  line.className = `feedback ${kind}`;
  if (!kind) return line.replaceChildren();
  const [sign, spoken] = ANSWERS[kind];
  return line.replaceChildren(icon(sign), el("p", {}, el("span", { class: "visually-hidden" }, say(...spoken)), text));
}

/** Focus `target` in the new scene; the stage comes back into view if it had been scrolled away. */
export function arrive(parts, target) {
  if (parts.box.getBoundingClientRect().top < 0) parts.box.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}

/** The end: score, closing words, again. Focus goes to the score. */
export function ending(parts, data, good, all, again) {
  const { say } = parts;
  const score = good === all ? say("Giỏi lắm! Bạn làm đúng hết.", "Well done! All right at once.") : say(`Bạn làm đúng ngay ${good} trên ${all} lần.`, `Right at once: ${good} of ${all}.`);
  const title = el("p", { class: "score", tabindex: "-1" }, score);
  parts.count.textContent = say("Đã xong", "Finished");
  parts.bar.value = 1;
  parts.words.textContent = "";
  parts.body.replaceChildren(el("div", { class: "finish" }, icon("party-popper"), title, el("p", {}, data.done)));
  answer(parts, "", "");
  parts.actions.replaceChildren(button("button quiet", again, icon("rotate-ccw"), say("Làm lại từ đầu", "Start again")));
  arrive(parts, title);
}

/** Text compared as people type it: case, spaces and diacritics do not matter. */
export const plain = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();

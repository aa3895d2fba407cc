// What the players (../later) share: a stage that says what to do, and a bar in view that answers each act and leads on.
import { button, el, icon, sayIn } from "../dom.js";
import { tell } from "./feedback.js";
import { done, onward, WELL } from "./next.js";

/**
 * Prepare a practice section. The parts of the stage stay in place while their contents change, because a live region
 * that is replaced is not read out.
 */
export function stage(section) {
  const box = section.querySelector(".player");
  const parts = {
    section,
    box,
    say: sayIn(section),
    count: el("span"),
    tools: el("span", { class: "helps" }),
    bar: el("progress", { max: 1, value: 0, "aria-hidden": "true" }),
    words: el("h3", { class: "say", id: "task", tabindex: "-1" }),
    body: el("div", { class: "stage" }),
    line: el("div", { class: "feedback", role: "status" }),
    actions: el("p", { class: "actions" }),
  };
  section.querySelector(".plain").hidden = true;
  box.replaceChildren(
    el("p", { class: "count" }, parts.count, parts.bar, parts.tools),
    parts.words,
    parts.body,
    el("div", { class: "dock" }, parts.line, parts.actions),
  );
  box.hidden = false;
  return parts;
}

/** Say where one is (`at` of `all`) and what to do now. */
export function ask(parts, at, all, words) {
  parts.count.textContent = parts.say(`Việc ${at + 1} trên ${all}`, `Step ${at + 1} of ${all}`);
  parts.bar.value = at / all;
  parts.words.textContent = words;
  parts.words.hidden = false;
}

/** Answer an act in the bar. kind: good, bad, hint, or nothing to be silent. */
export const answer = ({ line, say }, kind, ...texts) => tell(line, say, kind, ...texts);

/** The one button that leads on after an act that was answered; it has the focus. */
export function further({ actions, say }, last, words, go) {
  const onward = button("button", go, last ? say("Xem kết quả", "See the result") : say(...words));
  actions.replaceChildren(onward);
  onward.focus({ preventScroll: true });
}

/** A new scene: from its beginning (`from`) it comes into view, and `target` is read out. */
export function arrive({ box }, target, from = box) {
  const short = from.getBoundingClientRect().top < 0 || box.getBoundingClientRect().bottom > innerHeight;
  if (short) from.scrollIntoView({ block: "start", behavior: "instant" });
  target.focus({ preventScroll: true });
}

/** On a long screen what is to be pressed does not stay beneath the bar. */
export function reveal({ line }, node) {
  const over = node.getBoundingClientRect().bottom + 8 - line.parentNode.getBoundingClientRect().top;
  if (over > 0) scrollBy({ top: over, behavior: "instant" });
}

function praise(good, all, say) {
  if (good === all) return say("Giỏi lắm! Bạn làm đúng hết.", "Well done! All right at once.");
  if (good / all >= WELL) return say(`Bạn làm đúng ngay ${good} trên ${all} lần.`, `Right at once: ${good} of ${all}.`);
  return say(`Mới đúng ngay ${good} trên ${all}. Ta thử lại nhé.`, `Right at once: ${good} of ${all}. Let us try again.`);
}

/**
 * The end: what the last act was answered with (`said`), the score, what is worth another try (`missed`, in words),
 * closing words, onward or again; in words of its `own` where something was made. The share.
 */
export function ending(parts, data, missed, all, again, said = "", own = {}) {
  const { say, section, words, bar, body } = parts;
  const good = all - missed.length;
  const well = good / all >= WELL;
  done(section, good / all);
  parts.count.textContent = say("Đã xong", "Finished");
  bar.value = 1;
  words.hidden = true;
  parts.tools.replaceChildren();
  const title = el("h3", { class: "score", tabindex: "-1" }, own.praise ?? praise(good, all, say));
  const list = missed.length ? [el("p", {}, say(...(own.missed ?? ["Nên thử lại:", "Try these again:"]))), el("ul", { class: "missed" }, ...missed.map((text) => el("li", {}, text)))] : [];
  body.replaceChildren(el("div", { class: "finish" }, icon(well ? "party-popper" : "rotate-ccw"), title, ...list, ...(said ? [el("p", {}, said)] : []), el("p", {}, data.done), ...(own.more ?? [])));
  answer(parts, "", "");
  const retry = button(well ? "button quiet" : "button", again, icon("rotate-ccw"), say(...(own.again ?? ["Làm lại từ đầu", "Start again"])));
  const next = onward(section, well ? "button" : "button quiet");
  parts.actions.replaceChildren(...(well ? [next, retry] : [retry, next]));
  arrive(parts, title);
  return good / all;
}

/** Text compared as people type it: case, spaces and diacritics do not matter. */
export const plain = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();

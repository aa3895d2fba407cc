// Check questions: answered in place, explained at once in a bar that stays in view.
import { sayIn } from "../dom.js";
import { mark, tell } from "./feedback.js";
import { done, onward } from "./next.js";
import { arrange, mountOrder, places } from "./order.js";
import { progress, record } from "./records.js";

const same = (a, b) => a.length === b.length && a.every((value, index) => value === b[index]);

const chosen = (form, type) =>
  type === "order" ? places(form) : [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));

function isRight(data, answer) {
  if (data.type === "order") return same(answer, [...answer.keys()]);
  return same([...answer].sort(), [...data.right].sort());
}

/** Mark what was chosen; where `show`, after a second wrong try, also what would have been right. */
function markAll(form, data, show) {
  const say = sayIn(form);
  form.querySelectorAll(".option").forEach((option, at) => {
    if (data.type === "order") {
      const place = Number(option.dataset.option);
      return mark(option, place === at ? "right" : "wrong", say, show && place !== at ? say(`: số ${place + 1}`, `: number ${place + 1}`) : "");
    }
    const input = option.querySelector("input");
    const right = data.right.includes(Number(input.value));
    return mark(option, input.checked ? (right ? "right" : "wrong") : right && show ? "right" : "", say);
  });
}

function explain(form, data, answer, right) {
  const lines = data.type === "order" ? [] : answer.map((n) => data.whys[n]).filter(Boolean);
  if (!lines.length || right || data.type !== "choice") lines.push(data.why);
  tell(form.querySelector(".feedback"), sayIn(form), right ? "good" : "bad", ...lines);
}

function unanswered(form) {
  const box = form.querySelector(".feedback");
  box.className = "feedback";
  box.textContent = sayIn(form)("Hãy chọn một câu trả lời trước.", "Please choose an answer first.");
}

/** A changed answer is judged by nothing that was said of the one before. */
function reset(form, button) {
  form.querySelectorAll(".option").forEach((option) => mark(option));
  tell(form.querySelector(".feedback"), sayIn(form), "");
  button.hidden = false;
}

/** Say in the bar and at each option what the answer is worth, and lead on. */
function judge(form, data, answer, show) {
  const right = isRight(data, answer);
  const submit = form.querySelector("[type=submit]");
  explain(form, data, answer, right);
  markAll(form, data, show);
  done(form, Number(right));
  const next = onward(form, right ? "button" : "button quiet");
  submit.hidden = right && !!next;
  form.querySelector(".check-actions").replaceChildren(submit, next);
  if (submit.hidden) next.focus({ preventScroll: true });
  return right;
}

function mountCheck(form, answered) {
  const data = JSON.parse(form.querySelector("script").textContent);
  const address = form.dataset.lesson ?? document.body.dataset.lesson;
  const button = form.querySelector("[type=submit]");
  let misses = 0;
  if (data.type === "order") mountOrder(form);
  button.hidden = false;
  form.querySelector(".no-js").hidden = true;
  form.addEventListener("change", () => reset(form, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = chosen(form, data.type);
    if (!answer.length) return unanswered(form);
    const right = judge(form, data, answer, misses > 0);
    misses += !right;
    return answered(data.key, record("answered", "item", address, { item: data.key, result: { success: right, response: answer.join(",") } }));
  });
  const before = form.dataset.lesson ? {} : progress(address);
  if (before.state !== "done" && before.answers?.[data.key]) restore(form, data, before.answers[data.key].split(",").map(Number));
}

/** What was answered on an earlier visit to a lesson that is not done yet: as it was marked, without the words. */
function restore(form, data, answer) {
  if (data.type === "order") arrange(form, answer);
  else for (const input of form.querySelectorAll("input")) input.checked = answer.includes(Number(input.value));
  markAll(form, data, false);
  done(form, Number(isRight(data, answer)));
}

/** Make every check under `root` answerable; `answered(key, safe)` is called at each answer. */
export function mountChecks(root, answered = () => {}) {
  for (const form of root.querySelectorAll("[data-item]")) mountCheck(form, answered);
}

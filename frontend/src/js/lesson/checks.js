// Check questions: answered in place, explained at once.
import { el, sayIn } from "../dom.js";
import { arrange, mountOrder, places } from "./order.js";
import { progress, record } from "./records.js";

const same = (a, b) => a.length === b.length && a.every((value, index) => value === b[index]);

const chosen = (form, type) =>
  type === "order" ? places(form) : [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));

function isRight(data, answer) {
  if (data.type === "order") return same(answer, [...answer.keys()]);
  return same([...answer].sort(), [...data.right].sort());
}

function mark(form, data) {
  for (const option of form.querySelectorAll(".option:not(.order)")) {
    const input = option.querySelector("input");
    const right = data.right.includes(Number(input.value));
    option.classList.toggle("right", input.checked && right);
    option.classList.toggle("wrong", input.checked && !right);
  }
}

function explain(form, data, answer, right) {
  const say = sayIn(form);
  const box = form.querySelector(".feedback");
  const lines = [el("strong", {}, right ? say("Đúng rồi.", "That is right.") : say("Chưa đúng.", "Not quite."))];
  if (data.type !== "order") lines.push(...answer.map((n) => data.whys[n]).filter(Boolean));
  const told = lines.length > 1;
  if (!told || right || data.type !== "choice") lines.push(data.why);
  box.className = `feedback ${right ? "good" : "bad"}`;
  box.replaceChildren(el("div", {}, ...lines.map((line) => el("p", {}, line))));
  mark(form, data);
}

function unanswered(form) {
  const box = form.querySelector(".feedback");
  box.className = "feedback";
  box.textContent = sayIn(form)("Hãy chọn một câu trả lời trước.", "Please choose an answer first.");
}

function mountCheck(form, answered) {
  const data = JSON.parse(form.querySelector("script").textContent);
  const address = form.dataset.lesson ?? document.body.dataset.lesson;
  if (data.type === "order") mountOrder(form);
  form.querySelector("[type=submit]").hidden = false;
  form.querySelector(".no-js").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = chosen(form, data.type);
    if (!answer.length) return unanswered(form);
    const right = isRight(data, answer);
    explain(form, data, answer, right);
    return answered(data.key, record("answered", "item", address, { item: data.key, result: { success: right, response: answer.join(",") } }));
  });
  const before = form.dataset.lesson ? {} : progress(address);
  if (before.state !== "done" && before.answers?.[data.key]) restore(form, data, before.answers[data.key].split(",").map(Number));
}

/** What was answered on an earlier visit to a lesson that is not done yet. */
function restore(form, data, answer) {
  if (data.type === "order") arrange(form, answer);
  else for (const input of form.querySelectorAll("input")) input.checked = answer.includes(Number(input.value));
  explain(form, data, answer, isRight(data, answer));
}

/** Make every check under `root` answerable; `answered(key, safe)` is called at each answer. */
export function mountChecks(root, answered = () => {}) {
  for (const form of root.querySelectorAll("[data-item]")) mountCheck(form, answered);
}

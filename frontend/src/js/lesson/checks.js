// Check questions: answered in place, explained at once.
import { el, say } from "../dom.js";
import { record } from "./records.js";

function chosen(form, type) {
  if (type !== "order") return [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
  const places = [...form.querySelectorAll("select")].map((s) => [s.value, Number(s.dataset.option)]);
  if (places.some(([place]) => place === "") || new Set(places.map(([place]) => place)).size < places.length) return [];
  return places.sort((a, b) => a[0] - b[0]).map(([, option]) => option);
}

const same = (a, b) => a.length === b.length && a.every((value, index) => value === b[index]);

function isRight(data, answer, count) {
  if (data.type === "order") return same(answer, [...Array(count).keys()]);
  return same([...answer].sort(), [...data.right].sort());
}

function explain(form, data, answer, right) {
  const box = form.querySelector(".feedback");
  const lines = [el("p", {}, el("strong", {}, right ? say("Đúng rồi.", "That is right.") : say("Chưa đúng.", "Not quite.")))];
  const whys = answer.map((n) => data.whys[n]).filter(Boolean);
  for (const why of data.type === "order" ? [] : whys) lines.push(el("p", {}, why));
  if (!whys.length || right || data.type !== "choice") lines.push(el("p", {}, data.why));
  box.className = `feedback ${right ? "good" : "bad"}`;
  box.replaceChildren(...lines);
  form.querySelectorAll(".option").forEach((option) => {
    const input = option.querySelector("input");
    option.classList.toggle("right", !!input?.checked && data.right.includes(Number(input.value)));
    option.classList.toggle("wrong", !!input?.checked && !data.right.includes(Number(input.value)));
  });
}

/** Make every check under `root` answerable; `answered(key)` is called at each answer. */
export function mountChecks(root, answered = () => {}) {
  for (const form of root.querySelectorAll("[data-check]")) {
    const data = JSON.parse(form.querySelector("script").textContent);
    const address = form.dataset.lesson ?? document.body.dataset.lesson;
    form.querySelector("[type=submit]").hidden = false;
    form.querySelector(".no-js").hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const answer = chosen(form, data.type);
      const box = form.querySelector(".feedback");
      if (!answer.length) {
        box.className = "feedback";
        box.textContent = data.type === "order" ? say("Hãy chọn số thứ tự khác nhau cho từng việc.", "Give each line a different number.") : say("Hãy chọn một câu trả lời.", "Please choose an answer.");
        return;
      }
      const right = isRight(data, answer, form.querySelectorAll(".option").length);
      explain(form, data, answer, right);
      record("answered", "item", address, { item: data.key, result: { success: right, response: answer.join(",") } });
      answered(data.key);
    });
  }
}

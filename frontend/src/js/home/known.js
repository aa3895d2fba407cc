// A home that knows who comes back: go on, how far, this week, what is due.
import { el, say, store } from "../dom.js";
import { showStates } from "../states.js";
import { knownProgress } from "./progress.js";

export const WHO = "hv.who";
const A_WEEK = 3; // lessons: the goal of who chose none

/** The start of this week on this device's clock: Monday, midnight. */
function monday() {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day;
}

const at = (one) => (one ? Date.parse(one.at) || 0 : 0);

/** The programme touched last, or the first that is not finished: {title, links, done, next}. */
function whereToGoOn(lessons) {
  const paths = [...document.querySelectorAll("[data-path]")].map((section) => {
    const links = [...section.querySelectorAll("[data-address]")];
    const told = (link) => lessons[link.dataset.address];
    const left = links.filter((link) => told(link)?.state !== "done");
    const begun = left.filter(told).sort((a, b) => at(told(b)) - at(told(a)));
    return {
      title: section.querySelector("h3 a"),
      total: links.length,
      done: links.length - left.length,
      next: begun[0] ?? left[0],
      last: Math.max(0, ...links.map((link) => at(told(link)))),
    };
  });
  paths.sort((a, b) => b.last - a.last);
  return paths.find((path) => path.next) ?? paths[0];
}

function showWeek(box, lessons, week) {
  const since = monday();
  const count = Object.values(lessons).filter((one) => one.state === "done" && Date.parse(one.doneAt ?? one.at) >= since).length;
  const goal = week?.goal ?? A_WEEK;
  box.querySelector(".dots").replaceChildren(...Array.from({ length: goal }, (_none, n) => el("i", { class: n < count && "done" })));
  box.querySelector("[data-known-week]").textContent =
    (count >= goal ? say(`${count} bài. Đủ mục tiêu tuần!`, `${count} lessons. This week's goal is reached!`) : say(`${count} trên ${goal} bài`, `${count} of ${goal} lessons`)) +
    (week?.chain > 1 ? say(` · chuỗi ${week.chain} tuần`, ` · ${week.chain} weeks in a row`) : "");
}

function showFace(box) {
  const face = document.querySelector(`[data-who="${store.get(WHO, "")}"] .face`)?.cloneNode(true);
  if (face) box.querySelector(".face").replaceWith(face);
}

export async function mountKnown() {
  const box = document.querySelector("[data-known]");
  const { lessons, due, week } = await knownProgress();
  const path = Object.keys(lessons).length ? whereToGoOn(lessons) : null;
  if (!path) return;
  showStates(lessons);
  showFace(box);
  const part = (name) => box.querySelector(`[data-known-${name}]`);
  part("programme").textContent = path.title.textContent;
  part("share").max = path.total;
  part("share").value = path.done;
  part("count").textContent = say(`${path.done} trên ${path.total}`, `${path.done} of ${path.total}`);
  part("next").href = (path.next ?? path.title).href;
  part("next").textContent = path.next ? path.next.querySelector("span").firstChild.textContent : say("Làm bài kiểm tra cuối", "Take the final test");
  showWeek(box, lessons, week);
  if (due) {
    part("due").querySelector("span").textContent = say(`${due} câu sắp quên: ôn vài phút`, `${due} questions about to be forgotten: review`);
    part("due").hidden = false;
  }
  for (const node of document.querySelectorAll("[data-new]")) node.hidden = true;
  document.querySelector("[data-back]").hidden = false;
  box.hidden = false;
}

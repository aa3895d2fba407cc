// This week's goal: as many dots as lessons are wanted, and how many are done, in words.
import { el, say } from "../dom.js";

const A_WEEK = 3; // lessons: the goal of who chose none

/** The start of this week on this device's clock: Monday, midnight. */
function monday() {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day;
}

/** Show it: `lessons` as they are known by address, `week` what the account says of goal and chain. */
export function showWeek(dots, words, lessons, week) {
  const since = monday();
  const count = Object.values(lessons).filter((one) => one.state === "done" && Date.parse(one.doneAt ?? one.at) >= since).length;
  const goal = week?.goal ?? A_WEEK;
  dots.replaceChildren(...Array.from({ length: goal }, (_none, n) => el("i", { class: n < count && "done" })));
  words.textContent =
    (count >= goal ? say(`${count} bài. Đủ mục tiêu tuần!`, `${count} lessons. This week's goal is reached!`) : say(`${count} trên ${goal} bài`, `${count} of ${goal} lessons`)) +
    (week?.chain > 1 ? say(` · chuỗi ${week.chain} tuần`, ` · ${week.chain} weeks in a row`) : "");
}

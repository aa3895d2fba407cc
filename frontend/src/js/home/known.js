// A home that knows who comes back: go on, how far, this week, what is due.
import { account, chosen } from "../device/person.js";
import { face } from "../device/face.js";
import { say, store } from "../dom.js";
import { ended, localProgress } from "../lesson/records.js";
import { showStates } from "../states.js";
import { knownProgress } from "./progress.js";
import { showWeek } from "./week.js";

export const WHO = "hv.who";
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

function showFace(box) {
  const { face: key, name } = chosen();
  const drawn = document.querySelector(`[data-who="${key ?? store.get(WHO, "")}"] .face`)?.cloneNode(true) ?? (key && face(name));
  if (drawn) box.querySelector(".face").replaceWith(drawn);
}

export async function mountKnown() {
  const box = document.querySelector("[data-known]");
  const { lessons, due, week } = await knownProgress({ account, chosen, ended, localProgress });
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
  showWeek(box.querySelector(".dots"), part("week"), lessons, week);
  if (due) {
    part("due").querySelector("span").textContent = say(`${due} câu sắp quên: ôn vài phút`, `${due} questions about to be forgotten: review`);
    part("due").hidden = false;
  }
  for (const node of document.querySelectorAll("[data-new]")) node.hidden = true;
  document.querySelector("[data-back]").hidden = false;
  box.hidden = false;
}

// The end of a lesson: true praise, what to try again, what next; sharing and sound where they are wanted.
import { account, chosen } from "../device/person.js";
import { el } from "../dom.js";
import { offered } from "../install.js";
import { later } from "../later.js";
import { chime } from "./lazy.js";
import { goTo, WELL } from "./next.js";
import { ended, localProgress } from "./records.js";

/** Parts that went badly, each with the words that lead back to it. */
function again() {
  const parts = [...document.querySelectorAll("[data-done]")].filter((part) => part.dataset.done < (part.dataset.item ? 1 : WELL));
  return parts.map((part) => [part, part.querySelector("h2, legend").textContent]);
}

function praise(end) {
  const weak = again();
  const back = ([part, words]) => el("li", {}, el("button", { class: "button plain", type: "button", on: { click: () => goTo(part) } }, words));
  end.querySelector("[data-well]").hidden = weak.length > 0;
  end.querySelector("[data-weak]").hidden = !weak.length;
  end.querySelector("[data-again]").replaceChildren(...weak.map(back));
  end.setAttribute("aria-labelledby", weak.length ? "end-weak" : "end-well");
  return !weak.length;
}

/** Unfold the end; whoever only reads on finds it beneath the text. What is done again changes what it says. */
export function showEnd() {
  const end = document.querySelector("[data-end]");
  if (!end || !end.hidden) return;
  end.hidden = false;
  if (praise(end)) chime("end");
  const device = { account, chosen, ended, localProgress, offered };
  later.ending().then((entry) => entry.default(device, end)).catch(() => {});
  document.addEventListener("part-done", () => praise(end));
}

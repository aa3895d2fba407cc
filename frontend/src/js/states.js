// How far one is with the lessons that a page lists.
import { say } from "./dom.js";

/** Mark the links of lessons by what is known of them: {address: {state}}. What is done stays done. */
export function showStates(states) {
  const names = { "under-way": say("đang học", "under way"), done: say("đã xong", "done") };
  for (const link of document.querySelectorAll("[data-address]")) {
    const state = states[link.dataset.address]?.state;
    if (!state || link.dataset.state === "done") continue;
    link.dataset.state = state;
    link.querySelector(".state").textContent = state === "done" ? "✓" : "";
    const words = link.querySelector(".state-words");
    if (words) words.textContent = ` (${names[state]})`;
  }
  goOn();
}

/** On the page of a programme one goes on where one is; when all is done, the test is what is left. */
function goOn() {
  const button = document.querySelector("[data-go-on]");
  if (!button || !document.querySelector("[data-state]")) return;
  const next = document.querySelector("[data-address]:not([data-state=done])");
  button.hidden = !next;
  if (next) (button.href = next.href), (button.textContent = `${say("Học tiếp:", "Go on:")} ${next.children[1].firstChild.textContent}`);
}

/** How many nearby have learned this programme: the sentence comes as it is to be read. */
export function showNear(words) {
  const line = document.querySelector("[data-near]");
  if (line && words) line.replaceChildren(words), (line.hidden = false);
}

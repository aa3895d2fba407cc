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
}

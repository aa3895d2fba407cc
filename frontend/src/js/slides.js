// A lesson on the wall: one slide at a time by keys, buttons and taps; the address remembers which.
import { say } from "./dom.js";

const slides = document.querySelector("[data-slides]");
const all = [...slides.querySelectorAll(".slide")];
const count = document.querySelector("[data-slide-count]");
const notes = document.querySelector("[data-slide-notes]");
const full = document.querySelector("[data-slide-full]");
const at = () => Math.max(0, all.findIndex((slide) => slide.classList.contains("shown")));

/** Show slide `n`, the first or the last where there is none. */
function show(n) {
  const next = Math.min(Math.max(n, 0), all.length - 1);
  all.forEach((slide, i) => slide.classList.toggle("shown", i === next));
  count.textContent = say(`${next + 1} trên ${all.length}`, `${next + 1} of ${all.length}`);
  history.replaceState(null, "", `#${next + 1}`);
  scrollTo(0, 0);
}

function toggleNotes() {
  const on = slides.classList.toggle("noted");
  notes.setAttribute("aria-pressed", String(on));
}

const keys = {
  ArrowRight: () => show(at() + 1),
  PageDown: () => show(at() + 1),
  " ": () => show(at() + 1),
  ArrowLeft: () => show(at() - 1),
  PageUp: () => show(at() - 1),
  Home: () => show(0),
  End: () => show(all.length - 1),
  n: toggleNotes,
};

addEventListener("keydown", (event) => {
  const busy = event.target.closest("button, a, summary, input") && event.key === " ";
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
for (const button of document.querySelectorAll("[data-slide]")) {
  button.hidden = false;
  button.addEventListener("click", () => show(at() + Number(button.dataset.slide)));
}
notes.hidden = !slides.querySelector(".notes");
notes.addEventListener("click", toggleNotes);
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
);
slides.classList.add("one");
show(Number(location.hash.slice(1)) - 1 || 0);

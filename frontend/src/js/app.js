// On every page: theme, large type, signed-in state, the service worker; on lesson pages the players.
import { signedIn } from "./dom.js";
import { mountChecks } from "./lesson/checks.js";
import { chime } from "./lesson/lazy.js";
import { mountLesson } from "./lesson/lesson.js";
import { unfoldForPrint } from "./print.js";
import { mountOrder } from "./lesson/order.js";
import { flush, localProgress } from "./lesson/records.js";
import { showNear, showStates } from "./states.js";
import { mountTogether } from "./together/begin.js";

function toggles() {
  const root = document.documentElement;
  const remember = (key, value) => {
    try {
      value ? localStorage.setItem(`hv.${key}`, value) : localStorage.removeItem(`hv.${key}`);
    } catch {
      /* not kept */
    }
  };
  const dark = () => root.dataset.theme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  for (const button of document.querySelectorAll("[data-toggle]")) {
    const kind = button.dataset.toggle;
    const on = () => (kind === "theme" ? dark() : root.dataset.elder === "1");
    const show = () => button.setAttribute("aria-pressed", String(on()));
    button.hidden = false;
    button.addEventListener("click", () => {
      const value = kind === "theme" ? (on() ? "light" : "dark") : on() ? "" : "1";
      if (value) root.dataset[kind] = value;
      else delete root.dataset[kind];
      remember(kind, value);
      show();
    });
    show();
  }
}

function showSignedIn() {
  const here = signedIn();
  for (const node of document.querySelectorAll("[data-signed-in]")) node.hidden = (node.dataset.signedIn === "1") !== here;
  return here;
}

function showHere() {
  for (const link of document.querySelectorAll(".site-nav a")) if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
}

async function fillProgress(here) {
  showStates(localProgress());
  const programme = document.querySelector("[data-programme]")?.dataset.programme;
  if (!here || !programme || !document.querySelector("[data-address]")) return;
  try {
    const answer = await fetch(`/viec-hoc/trang-thai.json?programme=${programme}`);
    if (!answer.ok) return;
    const { lessons, near } = await answer.json();
    showStates(lessons);
    showNear(near);
  } catch {
    /* offline: what the device knows is shown */
  }
}

toggles();
showHere();
unfoldForPrint();
const here = showSignedIn();
if (!here && "caches" in window) caches.delete("hv-visits"); // a visit carried along leaves with whoever signs out
if (document.body.dataset.lesson) mountLesson();
else mountChecks(document);
for (const form of document.querySelectorAll("[data-moves]")) mountOrder(form);
for (const moment of document.querySelectorAll("[data-chime]")) chime(moment.dataset.chime);
mountTogether();
fillProgress(here);
flush();
addEventListener("online", flush);
if ("serviceWorker" in navigator) addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));

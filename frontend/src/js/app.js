// On every page: theme, large type, signed-in state, the service worker; on lesson pages the players.
import { change, rows } from "./device/db.js";
import { ASK, account, choose, chosen, isOfAccount, noMoreCalls, who } from "./device/person.js";
import { button, el, say, signedIn, store } from "./dom.js";
import { later } from "./later.js";
import { mountChecks } from "./lesson/checks.js";
import { chime } from "./lesson/lazy.js";
import { mountLesson } from "./lesson/lesson.js";
import { unfoldForPrint } from "./print.js";
import { mountOrder } from "./lesson/order.js";
import { countWaiting, ended, flush, localProgress, ready, watch } from "./lesson/records.js";
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
  showStates(await localProgress());
  const programme = document.querySelector("[data-programme]")?.dataset.programme;
  if (!here || chosen().id || !programme || !document.querySelector("[data-address]")) return;
  const line = account();
  try {
    const answer = await fetch(`/viec-hoc/trang-thai.json?programme=${programme}`);
    if (answer.status === 401) return await ended(line);
    if (!answer.ok) return;
    const { lessons, near } = await answer.json();
    showStates(lessons);
    showNear(near);
  } catch {
    /* offline: what the device knows is shown */
  }
}

/** What most pages do not need: entries of their own, which get what belongs to this device. */
function mountLater() {
  const asking = () => store.get(ASK, "");
  const device = { change, rows, account, choose, chosen, who, countWaiting, flush, noMoreCalls, asking, answered: () => store.set(ASK, "") };
  const mount = (name, node) => later[name]().then((entry) => entry.default(device, node)).catch(() => {});
  for (const node of document.querySelectorAll("[data-later]")) mount(node.dataset.later, node);
  if (account() && asking() && !chosen().id) mount("whose", document.querySelector("main"));
}

/** On pages of the account, while somebody else learns on this phone: whose they are. */
function showOwner(name) {
  const words = say(`Máy này đang để ${name} học. Kiểm tra, chứng nhận và ôn lại ở đây là của tài khoản đang đăng nhập, không phải của ${name}.`, `${name} learns on this phone. Tests, certificates and reviews here are those of the account that is signed in, not ${name}'s.`);
  const own = () => {
    choose();
    location.reload();
  };
  document.querySelector("main").prepend(el("div", { class: "notice warn", "data-owner": true }, el("p", {}, words), el("p", { class: "actions" }, button("button", own, say("Tôi là chủ tài khoản", "I am the owner of the account")))));
}

function showPerson() {
  const { name } = chosen();
  if (name && isOfAccount()) return showOwner(name);
  for (const node of document.querySelectorAll("[data-person]")) if (name) node.textContent = say(`Đang học: ${name}`, `Learning: ${name}`);
}

/** The first page was opened before its worker was there to keep it. */
async function tellOpened() {
  if (!navigator.serviceWorker.controller) (await navigator.serviceWorker.ready).active.postMessage({ opened: document.documentElement.lang });
}

/** The worker found no line for a form that was sent; it stands here as before. */
function tellUnsent(place = document.activeElement?.closest("form") ?? document.querySelector("main")) {
  place.querySelector("[data-not-sent]")?.remove();
  place.append(el("p", { class: "notice warn", role: "alert", "data-not-sent": true }, say("Chưa gửi được vì mất mạng. Những gì bạn viết vẫn còn đây: hãy gửi lại khi có mạng.", "Not sent, for there is no line. What you wrote is still here: send it again when there is one.")));
}

/** Forms with files go past the worker: without a line they are not sent at all. */
function keepFiles(event) {
  if (event.defaultPrevented || navigator.onLine || event.target.enctype !== "multipart/form-data") return;
  event.preventDefault();
  tellUnsent(event.target);
}

toggles();
showHere();
unfoldForPrint();
const here = showSignedIn();
if (!here && "caches" in window) caches.delete("hv-visits"); // a visit carried along leaves with whoever signs out
for (const form of document.querySelectorAll("[data-moves]")) mountOrder(form);
for (const moment of document.querySelectorAll("[data-chime]")) chime(moment.dataset.chime);
ready.then(() => {
  if (document.body.dataset.lesson) mountLesson();
  else mountChecks(document);
  mountTogether();
  showPerson();
  mountLater();
  fillProgress(here);
  flush();
});
addEventListener("online", flush);
addEventListener("submit", keepFiles);
addEventListener("pageshow", watch);
addEventListener("visibilitychange", watch);
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").then(tellOpened, () => {}));
  navigator.serviceWorker.addEventListener("message", ({ data }) => data === "unsent" && tellUnsent());
  navigator.serviceWorker.startMessages();
}

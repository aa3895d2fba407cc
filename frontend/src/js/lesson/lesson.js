// One lesson page: its practice, checks, time, completion, reading aloud, saving for offline.
import { button, el, icon, say } from "../dom.js";
import { later } from "../later.js";
import { mountChecks } from "./checks.js";
import { showEnd } from "./end.js";
import { settle } from "./feedback.js";
import { WELL, done } from "./next.js";
import { mountOffline } from "./offline.js";
import { flush, isLost, progress, record, remember, unkept } from "./records.js";
import { answer, arrive, ask, ending, further, plain, reveal, stage } from "./player.js";
import { duration, seconds } from "./time.js";
import { mountTools } from "./tools.js";

// What a player is given: later/kit.js names the same.
const KIT = { WELL, answer, arrive, ask, button, el, ending, further, icon, plain, reveal, settle, stage };
const address = document.body.dataset.lesson;
const todo = new Set();
let ended = false;

/** Called when a part is done; the lesson is, once all are, be it over several visits. */
async function finish(part, safe) {
  todo.delete(part);
  await safe;
  if (todo.size || ended) return;
  ended = true;
  if (progress(address).state === "done" && !unkept()) return showEnd();
  const kept = await record("completed", "lesson", address, { result: { completion: true, duration: duration() } });
  if (isLost()) return showLost();
  return kept && !unkept() ? showEnd() : showUnkept();
}

const note = (...words) => el("p", { class: "notice warn", role: "alert" }, ...words);
const beforeEnd = (node) => document.querySelector("[data-end]")?.before(node);

/** Whoever learns is not signed in, and the device keeps nothing: the lesson has its end, and what is true of it is said. */
function showLost() {
  beforeEnd(note(say("Máy này không giữ được kết quả và người đang học chưa đăng nhập, nên bài này không được ghi lại.", "This device cannot keep results and whoever learns is not signed in, so this lesson is not recorded.")));
  showEnd();
}

/** Nothing is called done that is neither kept here nor acknowledged by the server. */
function showUnkept() {
  const again = async () => {
    await flush();
    if (unkept()) return;
    told.remove();
    showEnd();
  };
  const words = say("Máy này không giữ được kết quả và chưa gửi được. Đừng đóng trang.", "This device cannot keep your results, and they are not sent yet. Do not close the page.");
  const told = note(`${words} `, button("button quiet", again, say("Gửi lại", "Send again")));
  beforeEnd(told);
}

/** The player could not be loaded, or not begin: what to do stays there to be read. */
function showMissing(section) {
  section.querySelector(".plain").hidden = false;
  section.querySelector(".player").hidden = true;
  const words = say("Chưa tải được phần tập làm.", "The practice could not be loaded.");
  section.append(note(`${words} `, button("button quiet", () => location.reload(), say("Tải lại", "Load again"))));
}

/** Begin the practice of the page. */
function play(section, practised, place) {
  const data = JSON.parse(section.querySelector("script").textContent);
  later[section.dataset.practice]().then((player) => player.default(KIT, section, data, practised, place)).catch(() => showMissing(section));
}

/** The practice where an author tries it: nothing is recorded, and nothing kept. */
export function tryPractice() {
  const section = document.querySelector("[data-practice]");
  if (section) play(section, async () => {}, { step: 0, keep: () => {} });
}

export function mountLesson() {
  const before = progress(address);
  const place = { step: before.step, keep: (step) => remember(address, step) };
  const section = document.querySelector("[data-practice]");
  if (section) {
    todo.add("practice");
    const practised = (score) => finish("practice", record("completed", "practice", address, { result: { completion: true, score: { scaled: score }, duration: duration() } }));
    play(section, practised, place);
    if (before.done.includes("practice")) done(section, before.best);
  }
  for (const form of document.querySelectorAll("[data-item]")) todo.add(form.dataset.item);
  mountChecks(document, finish);
  const all = todo.size;
  for (const part of before.done) todo.delete(part);
  if (all && !todo.size && before.state !== "done") finish();
  mountTools();
  mountOffline();
  record("initialized", "lesson", address);
  addEventListener("pagehide", () => {
    if (seconds() > 10) record("progressed", "lesson", address, { result: { duration: duration() } });
  });
}

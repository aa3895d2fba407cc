// One lesson page: players, checks, time, completion, reading aloud, saving for offline.
import { el, say, signedIn } from "../dom.js";
import { offerInstall } from "../install.js";
import { mountChecks } from "./checks.js";
import { mountChat } from "./chat.js";
import { mountInbox } from "./inbox.js";
import { mountOffline } from "./offline.js";
import { mountReadAloud } from "./read_aloud.js";
import { localProgress, record } from "./records.js";
import { mountSimulation } from "./simulation.js";

const PLAYERS = { simulation: mountSimulation, inbox: mountInbox, chat: mountChat };
const address = document.body.dataset.lesson;
const todo = new Set();
let began = Date.now();

/** Seconds since the last record, at most half an hour, as an ISO 8601 duration. */
function duration() {
  const seconds = Math.min(1800, Math.round((Date.now() - began) / 1000));
  began = Date.now();
  return `PT${seconds}S`;
}

function finish(part) {
  todo.delete(part);
  if (todo.size) return;
  if (localProgress()[address]?.state !== "done") {
    record("completed", "lesson", address, { result: { completion: true, duration: duration() } });
  }
  showEnd();
}

function showEnd() {
  const end = document.querySelector("[data-end]");
  if (!end || !end.hidden) return;
  end.hidden = false;
  if (!signedIn()) {
    const onward = `/tai-khoan/dang-nhap/?next=${encodeURIComponent(location.pathname)}`;
    end.append(el("p", {}, say("Muốn giữ lại kết quả? ", "Keep your results? "), el("a", { href: onward }, say("Đăng nhập", "Sign in"))));
  }
  offerInstall(end);
}

export function mountLesson() {
  const section = document.querySelector("[data-practice]");
  if (section) {
    todo.add("practice");
    const data = JSON.parse(section.querySelector("script").textContent);
    PLAYERS[section.dataset.practice](section, data, (score) => {
      record("completed", "practice", address, { result: { completion: true, score: { scaled: score }, duration: duration() } });
      finish("practice");
    });
  }
  for (const form of document.querySelectorAll("[data-item]")) todo.add(form.dataset.item);
  mountChecks(document, (key) => finish(key));
  mountReadAloud();
  mountOffline();
  record("initialized", "lesson", address);
  addEventListener("pagehide", () => {
    if (Date.now() - began > 10000) record("progressed", "lesson", address, { result: { duration: duration() } });
  });
}

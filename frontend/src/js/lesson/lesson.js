// One lesson page: players, checks, time, completion, reading aloud, saving for offline.
import { mountChecks } from "./checks.js";
import { mountChat } from "./chat.js";
import { showEnd } from "./end.js";
import { mountInbox } from "./inbox.js";
import { mountOffline } from "./offline.js";
import { localProgress, record } from "./records.js";
import { mountSimulation } from "./simulation.js";
import { duration, seconds } from "./time.js";
import { mountTools } from "./tools.js";

const PLAYERS = { simulation: mountSimulation, inbox: mountInbox, chat: mountChat };
const address = document.body.dataset.lesson;
const todo = new Set();

function finish(part) {
  todo.delete(part);
  if (todo.size) return;
  if (localProgress()[address]?.state !== "done") {
    record("completed", "lesson", address, { result: { completion: true, duration: duration() } });
  }
  showEnd();
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
  mountTools();
  mountOffline();
  record("initialized", "lesson", address);
  addEventListener("pagehide", () => {
    if (seconds() > 10) record("progressed", "lesson", address, { result: { duration: duration() } });
  });
}

// What the learner does is a statement with an id made here. It waits in a queue until the server has it.
import { csrf, say, signedIn, store, uuid } from "../dom.js";

const QUEUE = "hv.queue";
const PROGRESS = "hv.progress";
const DEVICE = "hv.device";
const MOST = 2000;
const BATCH = 50;
const UNREADABLE = [400, 413]; // what will never be taken as it is, if the site itself says so
const RANK = { "under-way": 1, done: 2 };
let sending = false;
let wait = 5000;
let most = BATCH;

function device() {
  const id = store.get(DEVICE, "") || uuid();
  store.set(DEVICE, id);
  return id;
}

/** Progress kept on this device: {address: {state, best}}. */
export const localProgress = () => store.get(PROGRESS, {});

/** Raise this device's progress of a lesson; it never falls. */
function raise(address, state, best = 0) {
  const all = localProgress();
  const old = all[address] ?? { state, best: 0 };
  const at = new Date().toISOString();
  const done = old.done ?? (state === "done" ? at : undefined);
  all[address] = { state: RANK[old.state] > RANK[state] ? old.state : state, best: Math.max(old.best, best), at, done };
  store.set(PROGRESS, all);
}

/** Record one act. kind: lesson, practice or item; verb: initialized, progressed, answered, completed. */
export function record(verb, kind, address, { item = "", result } = {}) {
  const statement = {
    id: uuid(),
    verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` },
    object: { id: `urn:hocvuso:${kind}:${address}${item ? `/${item}` : ""}` },
    timestamp: new Date().toISOString(),
    context: { extensions: { "urn:hocvuso:edition": document.body.dataset.edition ?? "", "urn:hocvuso:device": device() } },
  };
  if (result) statement.result = result;
  const queue = store.get(QUEUE, []);
  queue.push(statement);
  store.set(QUEUE, queue.slice(-MOST));
  raise(address, verb === "completed" && kind === "lesson" ? "done" : "under-way", kind === "practice" ? (result?.score?.scaled ?? 0) : 0);
  flush();
}

function showWaiting() {
  const count = store.get(QUEUE, []).length;
  for (const node of document.querySelectorAll("[data-waiting]")) {
    node.textContent = count && signedIn() ? say(`Đang chờ gửi: ${count}`, `Waiting to be sent: ${count}`) : "";
  }
}

/** The ids that the server settled. Null: not before somebody signs in, or a guardian consents. */
async function send(batch) {
  const answer = await fetch("/ghi/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: JSON.stringify({ statements: batch }),
  });
  if (answer.status === 401 || answer.status === 403) return null;
  if (UNREADABLE.includes(answer.status) && answer.headers.get("Content-Type") === "application/problem+json") {
    if (batch.length === 1) return batch.map((s) => s.id);
    most = Math.ceil(batch.length / 2); // one of them makes all unreadable: sent in parts until it is alone
    return [];
  }
  if (!answer.ok) throw new Error(String(answer.status)); // busy, full, too slow, a proxy's own page: later
  const receipt = await answer.json();
  return [...receipt.accepted, ...receipt.refused.map((r) => r.id)];
}

/** Send what waits, when somebody is signed in; what cannot be sent now is tried again later, ever more slowly. */
export async function flush() {
  showWaiting();
  if (sending || !signedIn() || !store.get(QUEUE, []).length || navigator.onLine === false) return;
  sending = true;
  const size = most;
  let settled = null;
  try {
    settled = await send(store.get(QUEUE, []).slice(0, size));
    if (settled?.length) most = Math.min(most * 2, BATCH);
    wait = 5000;
  } catch {
    setTimeout(flush, wait);
    wait = Math.min(wait * 2, 300000);
  }
  sending = false;
  if (!settled) return;
  const gone = new Set(settled);
  store.set(QUEUE, store.get(QUEUE, []).filter((s) => !gone.has(s.id)));
  if (gone.size || most < size) flush();
}

// What the learner does is a statement with an id made here. It is kept on the device, in the line of whoever did it,
// until the server has it; the same transaction keeps how far that person is.
import { change, rows } from "../device/db.js";
import { account, PHONE, settle, who } from "../device/person.js";
import { csrf, say, store, uuid, within } from "../dom.js";

const DEVICE = "hv.device";
const BATCH = 50;
const PATIENCE = 2000;
const SENDING = 30000;
const opened = Date.now();
const UNREADABLE = [400, 413]; // what will never be taken as it is, if the site itself says so
const RANK = { "under-way": 1, done: 2 };
let me = "";
let mine = {};
let held = []; // acts that this browser would not keep: sent from memory, gone with the page
let running;
let timer;
let wait = 5000;
let most = BATCH;

function device() {
  const id = store.get(DEVICE, "") || uuid();
  store.set(DEVICE, id);
  return id;
}

const edition = () => document.body.dataset.edition ?? "";
const whose = () => `${who()} ${account()}`;
let seen = "";

async function load() {
  me = who();
  await settle();
  me = who();
  seen = whose();
  const kept = await rows(["lesson", me]);
  for (const row of kept.sort((a, b) => (a.at < b.at ? -1 : 1))) mine[row.address] = merged(mine[row.address], row);
}

/** When it is known who learns and how far they are; a browser that keeps nothing, or hangs, holds nobody up. */
export const ready = Promise.race([load().catch(() => {}), new Promise((go) => setTimeout(go, PATIENCE))]);

/** Progress kept on this device for whoever learns now, once it is read: {address: {state, best, at, …}}. */
export const localProgress = () => ready.then(() => mine);

/** Where one stopped and what was answered, while it is the same edition; what one wrote stays one's own. */
function still({ step, answers, ...row }, now) {
  if (row.edition === now) return { step, answers };
  return step?.text ? { step: { text: step.text } } : {};
}

/** How far a lesson is: parts that are done; where one stopped, what was answered and written. */
export function progress(address) {
  const { state, best = 0, done = [], ...row } = mine[address] ?? {};
  return { state, best, done, ...still(row, edition()) };
}

/** A row after a change: progress never falls, whatever came first, here or in another tab. */
function merged(old, news) {
  const doneAt = old?.doneAt ?? news.doneAt ?? (news.state === "done" ? news.at : undefined);
  if (!old) return { best: 0, done: [], ...news, doneAt };
  const { step, answers } = still(old, news.edition);
  return {
    ...old,
    step,
    ...news,
    doneAt,
    state: RANK[old.state] > (RANK[news.state] ?? 0) ? old.state : news.state,
    best: Math.max(old.best, news.best ?? 0),
    done: [...new Set([...old.done, ...(news.done ?? [])])],
    answers: { ...answers, ...news.answers },
  };
}

function keep(address, part, more, statement) {
  const news = { ...more, address, edition: edition() || mine[address]?.edition || "", at: new Date().toISOString() };
  mine[address] = merged(mine[address], news);
  return change((put) => {
    if (statement) put(["act", me, Date.now(), statement.id], { statement });
    put(["lesson", me, address, part], news);
  });
}

/** Keep where one stands in the practice (what the player needs to go on from there), or null. */
export const remember = (address, step) => keep(address, "step", { step }).catch(() => {});

/**
 * Record one act. kind: lesson, practice or item; verb: initialized, progressed, answered, completed.
 * Whether it is safe: kept on this device, or acknowledged by the server.
 */
export async function record(verb, kind, address, { item = "", result } = {}) {
  const statement = {
    id: uuid(),
    verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` },
    object: { id: `urn:hocvuso:${kind}:${address}${item ? `/${item}` : ""}` },
    timestamp: new Date().toISOString(),
    context: { extensions: { "urn:hocvuso:edition": edition(), "urn:hocvuso:device": device() } },
  };
  if (result) statement.result = result;
  const ended = verb === "completed";
  const news = {
    state: ended && kind === "lesson" ? "done" : "under-way",
    best: Math.max(progress(address).best, kind === "practice" ? (result?.score?.scaled ?? 0) : 0),
    done: item ? [item] : ended && kind === "practice" ? [kind] : [],
    answers: item ? { [item]: result.response } : {},
  };
  try {
    await keep(address, `${kind} ${item} ${news.state}`, news, statement);
    flush();
    return true;
  } catch {
    const act = { line: me, statement };
    held.push(act);
    await flush();
    if (held.includes(act)) await flush(); // it may have come while another batch was on its way
    return !held.includes(act);
  }
}

/** Whether something was done that is neither kept nor acknowledged. */
export const unkept = () => held.length > 0;

/** Whether it never will be: of somebody without an account, on a device that keeps nothing. */
export const isLost = () => unkept() && me !== account();

/** What waits in a line, oldest first: what could not be kept before the rest, for it has no other place. */
async function waiting(line, count) {
  const kept = await rows(["act", line], count).catch(() => []);
  return [...held.filter((act) => act.line === line), ...kept].slice(0, count);
}

async function drop(acts) {
  held = held.filter((act) => !acts.includes(act));
  const kept = acts.filter((act) => act.key);
  if (kept.length) await change((_put, remove) => kept.forEach((act) => remove(act.key)));
}

/** How many acts of the account that is signed in wait to be sent. */
export const countWaiting = async () => (await waiting(account())).length;

async function showWaiting() {
  const count = account() ? await countWaiting() : 0;
  const unsent = isLost() ? "" : say(" Máy này không giữ được kết quả: đừng đóng trang trước khi gửi xong.", " This device cannot keep results: do not close the page before they are sent.");
  for (const node of document.querySelectorAll("[data-waiting]")) {
    node.textContent = (count ? say(`Đang chờ gửi: ${count}`, `Waiting to be sent: ${count}`) : "") + (unkept() ? unsent : "");
  }
}

/** Another person signed in or was chosen since this page was opened, in another tab: shown anew, as theirs. */
export function watch() {
  if (seen && whose() !== seen && !unkept()) location.reload();
}

/**
 * The account has no session any more, as its cookie now says. Who had the page since need not be who had the session:
 * what was done waits with the phone until somebody says that it is theirs.
 */
export async function ended(line) {
  if (!line || account() === line) return;
  if (me === line) me = PHONE;
  const acts = await rows(["act", line]).catch(() => []);
  const lessons = await rows(["lesson", line]).catch(() => []);
  await change((put, drop) => {
    for (const row of [...acts.filter((act) => act.key[2] >= opened), ...lessons.filter((lesson) => Date.parse(lesson.at) >= opened)]) {
      const [kind, , ...rest] = row.key;
      put([kind, PHONE, ...rest], row.step?.text ? { ...row, step: null } : row); // what somebody wrote is theirs alone
      drop(row.key);
    }
  }).catch(() => {});
  watch();
}

/** The ids that the server settled. Null: not before somebody signs in, or a guardian consents. */
async function send(line, batch) {
  const answer = await fetch("/ghi/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "Hv-Person": line },
    body: JSON.stringify({ statements: batch }),
    signal: within(SENDING),
  });
  if (answer.status === 401) await ended(line);
  if (answer.status === 401 || answer.status === 403) return null;
  if (answer.status === 409) watch(); // the session is somebody else's by now, as the cookie now says
  if (UNREADABLE.includes(answer.status) && answer.headers.get("Content-Type") === "application/problem+json") {
    if (batch.length === 1) return batch.map((s) => s.id);
    most = Math.ceil(batch.length / 2); // one of them makes all unreadable: sent in parts until it is alone
    return [];
  }
  if (!answer.ok) throw new Error(String(answer.status)); // busy, full, too slow, a proxy's own page: later
  const receipt = await answer.json();
  return [...receipt.accepted, ...receipt.refused.map((r) => r.id)];
}

async function sendAll() {
  for (;;) {
    await showWaiting();
    const line = account();
    if (!line || navigator.onLine === false) return;
    const batch = await waiting(line, most);
    if (!batch.length) return;
    if (account() !== line) continue; // changed hands meanwhile
    const settled = await send(line, batch.map((act) => act.statement));
    wait = 5000;
    if (!settled) return;
    if (settled.length) most = Math.min(most * 2, BATCH);
    else if (most >= batch.length) throw new Error("later");
    await drop(batch.filter((act) => settled.includes(act.statement.id)));
  }
}

/** Send what waits of the account that is signed in, and of nobody else; what cannot be sent now goes later, ever more slowly. */
export const flush = () =>
  (running ??= sendAll()
    .catch(() => {
      clearTimeout(timer);
      timer = setTimeout(flush, wait);
      wait = Math.min(wait * 2, 300000);
    })
    .finally(() => (running = null)));

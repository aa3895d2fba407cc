// The sheet of a visit on a phone: what is typed stays on the device, and goes when there is a line.
import { change, rows } from "../device/db.js";
import { cookie, csrf, el, say, uuid } from "../dom.js";
import { holds } from "./relevance.js";
import { addPhoto, photosOf, removePhoto, shrunk } from "./photos.js";

const CACHE = "hv-visits";
const RETRY = 30000;
const form = document.querySelector("form[data-visit]");
const status = document.querySelector("[data-visit-status]");
// What is typed, and what waits, is of whoever was signed in then: another inspector on this phone neither sees nor sends it.
const me = cookie("hv_in");
const visit = ["visit", form?.dataset.visit, me];
// typed: all answers of this device; touched: those that no sheet carries yet; queue: sheets on their way.
const state = { typed: {}, touched: [], findings: {}, queue: [] };
let sending = false;
let carried = false;

const full = () => tell(say("Máy này không còn giữ được gì thêm. Hãy gửi ngay.", "This device can keep nothing more. Send what you have now."));

/** What this device kept, beneath what was typed while it was read. */
const read = form && rows([...visit, "sheet"]).then(([kept]) => kept && Object.assign(state, {
  typed: { ...kept.typed, ...state.typed },
  touched: [...new Set([...kept.touched, ...state.touched])],
  findings: { ...kept.findings, ...state.findings },
  queue: [...kept.queue, ...state.queue],
})).catch(() => {});

const keep = () => read.then(() => change((put) => put([...visit, "sheet"], state))).catch(full);

function tell(text) {
  status.textContent = text;
}

async function showWaiting(said = "") {
  const photos = await photosOf(visit);
  const sheets = state.queue.length;
  for (const list of document.querySelectorAll("[data-photos]")) {
    const rows = photos.filter((photo) => photo.question === list.dataset.photos).map((photo) =>
      el("li", {}, photo.name, el("button", { type: "button", class: "button plain", on: { click: () => removePhoto(visit, photo.id).then(() => showWaiting()) } }, say("Bỏ ảnh", "Remove"))),
    );
    list.replaceChildren(...rows);
  }
  const waiting = sheets || photos.length ? say(`Đang chờ gửi: ${sheets} phiếu, ${photos.length} ảnh.`, `Waiting to be sent: ${sheets} sheets, ${photos.length} photos.`) : "";
  const unsent = !sheets && state.touched.some(isAsked) ? say("Có câu trả lời chưa bấm Lưu.", "Some answers are not saved yet.") : "";
  tell([said, waiting, unsent].filter(Boolean).join(" "));
}

const given = (name, data = new FormData(form)) => data.getAll(name).filter(Boolean).join(" ");
const isAsked = (name) => !form.querySelector(`[data-question="${CSS.escape(name.slice(2))}"]`)?.closest("[hidden]");

/** Hides what is not asked, in order, for what is hidden counts as not answered; but never what was refused. */
function ask() {
  const answers = new Map();
  const data = new FormData(form);
  for (const node of form.querySelectorAll("[data-when], [data-question]")) {
    const { when, question } = node.dataset;
    node.hidden = Boolean(when) && !holds(JSON.parse(when), answers) && !node.querySelector(".error");
    if (question && !node.closest("[hidden]")) answers.set(question, given(`q_${question}`, data).trim());
  }
}

function fill() {
  for (const [name, value] of Object.entries({ ...state.typed, ...state.findings })) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = value.split(" ").includes(field.value);
      else if (field.type !== "hidden") field.value = value;
    }
  }
  ask();
}

function changed({ target }) {
  if (target.dataset.finding) state.findings[target.name] = target.value;
  else if (target.name.startsWith("q_")) {
    state.typed[target.name] = target.type === "checkbox" ? given(target.name) : target.value;
    if (!state.touched.includes(target.name)) state.touched.push(target.name);
    ask();
  } else return;
  keep();
}

async function photographed(input) {
  try {
    for (const file of input.files) await addPhoto(visit, { id: uuid(), question: input.dataset.photo, name: file.name, blob: await shrunk(file) });
  } catch {
    return full();
  }
  input.value = "";
  await showWaiting();
  flush();
}

const findings = () =>
  [1, 2, 3]
    .map((n) => ({ text: state.findings[`f_text_${n}`] ?? "", severity: form.elements[`f_severity_${n}`].value, evidence: state.findings[`f_evidence_${n}`] ?? "" }))
    .filter((row) => row.text.trim());

function submitted(event) {
  event.preventDefault();
  const asked = state.touched.filter(isAsked);
  const answers = Object.fromEntries(asked.map((name) => [name.slice(2), state.typed[name]]));
  state.queue.push({ id: uuid(), answers, findings: findings(), finish: event.submitter?.name === "finish", language: document.documentElement.lang });
  Object.assign(state, { touched: state.touched.filter((name) => !asked.includes(name)), findings: {} });
  const kept = keep();
  for (const field of form.querySelectorAll("textarea[data-finding], input[data-finding]")) field.value = "";
  for (const old of form.querySelectorAll(".error")) old.remove();
  kept.then(() => showWaiting()).then(flush);
}

const post = (path, body, headers = {}) =>
  fetch(path, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": csrf(), ...headers }, body });

/** What a refusal means: signed out and server faults wait; anything else will never be taken as it is. */
async function verdict(answer) {
  if (answer.status === 403 && answer.headers.get("Content-Type")?.includes("json")) return { wait: (await answer.json()).title };
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { wait: say("Phiên đăng nhập đã hết: hãy đăng nhập lại ở một trang khác, rồi mở lại trang này. Câu trả lời vẫn còn trên máy.", "You are signed out: sign in again in another tab, then reopen this page. Your answers are still on this device.") };
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) throw new Error(String(answer.status));
  return { refused: answer.status === 404 ? { title: say("Không còn lượt kiểm tra này.", "This visit is no longer there.") } : await answer.json() };
}

async function sendPhotos() {
  for (const photo of await photosOf(visit)) {
    const body = new FormData();
    body.append("id", photo.id);
    body.append("question", photo.question);
    body.append("photo", photo.blob, photo.name);
    const answer = await post(`${location.pathname}anh/`, body);
    if (!answer.ok) {
      const { wait, refused } = await verdict(answer);
      if (wait) return wait;
      tell(`${photo.name}: ${refused.title}`);
    }
    await removePhoto(visit, photo.id);
  }
  return "";
}

function refuse(sheet, refused) {
  // The answers are not lost: they count as touched again, and the reasons stand beside them.
  for (const code of Object.keys(sheet.answers)) if (!state.touched.includes(`q_${code}`)) state.touched.push(`q_${code}`);
  sheet.findings.forEach((row, n) => Object.assign(state.findings, { [`f_text_${n + 1}`]: row.text, [`f_evidence_${n + 1}`]: row.evidence }));
  fill();
  for (const [code, reason] of Object.entries(refused.wrong ?? {})) {
    form.querySelector(`[data-question="${CSS.escape(code)}"]`)?.append(el("p", { class: "error", role: "alert" }, reason));
  }
  ask();
  form.querySelector(".error")?.scrollIntoView({ block: "center" });
}

async function sendSheets() {
  while (state.queue.length) {
    const [sheet] = state.queue;
    const answer = await post(location.pathname, JSON.stringify(sheet), { "Content-Type": "application/json" });
    let refused = null;
    if (!answer.ok) {
      const judged = await verdict(answer);
      if (judged.wait) return judged.wait;
      refused = judged.refused;
    }
    state.queue.shift();
    if (refused) refuse(sheet, refused);
    await keep();
    if (refused) return refused.title;
    if (sheet.finish) return finished();
  }
  return "";
}

async function finished() {
  carried = false;
  await change((_put, drop) => drop(visit)).catch(() => {});
  await window.caches?.open(CACHE).then((cache) => cache.delete(location.pathname));
  location.reload();
  return say("Đã gửi.", "Sent.");
}

/** What the site now holds of photos and findings, in place of what the page showed; what is being typed stays. */
async function showStored() {
  const answer = await fetch(location.pathname);
  if (!answer.ok || answer.redirected) return;
  if (carried) await (await caches.open(CACHE)).put(location.pathname, answer.clone());
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of form.querySelectorAll("[data-stored]")) {
    const now = fresh.querySelector(`[data-stored="${CSS.escape(old.dataset.stored)}"]`);
    if (now) old.replaceWith(now);
  }
}

async function flush() {
  if (sending || navigator.onLine === false || cookie("hv_in") !== me) return;
  const any = state.queue.length || (await photosOf(visit)).length;
  if (!any || sending) return;
  sending = true;
  let said = "", through = false;
  try {
    said = (await sendPhotos()) || (await sendSheets());
    through = true;
  } catch {
    said = say("Chưa gửi được; sẽ tự gửi lại khi có mạng.", "Not sent yet; it will be sent when there is a line.");
    setTimeout(flush, RETRY);
  }
  sending = false;
  // Only now, for what is saved while the page is asked for must find the way free; also after a refusal, for the
  // photos of a refused sheet are taken.
  const shown = through && (await showStored().then(() => true, () => false));
  if (through && !said) said = shown ? say("Đã gửi hết.", "All sent.") : say("Đã gửi hết. Mở lại trang để thấy ảnh và tồn tại đã gửi.", "All sent. Reopen the page to see the photos and findings that were sent.");
  showWaiting(said);
}

/** The page and what it is drawn with, into a cache of its own, whenever it is opened with a line: nobody knows
 * beforehand where the line is lost. Taken out again by the button, and when the visit is sent. */
async function mountCarrying() {
  const button = document.querySelector("[data-carry]");
  if (!button || !("caches" in window) || !("serviceWorker" in navigator)) return;
  const cache = await caches.open(CACHE);
  const show = (now) => {
    carried = now;
    button.setAttribute("aria-pressed", String(carried));
    button.textContent = carried ? say("Đã mang theo · bỏ khỏi máy này", "Carried along · remove from this device") : say("Mang theo khi mất mạng", "Carry along for when there is no line");
  };
  const take = async () => {
    const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((node) => node.href || node.src);
    await cache.addAll([location.pathname, ...parts]);
    show(true);
  };
  show(Boolean(await cache.match(location.pathname)));
  button.hidden = false;
  if (navigator.onLine !== false) take().catch(() => {});
  button.addEventListener("click", async () => {
    if (await cache.delete(location.pathname)) return show(false);
    try {
      await take();
      showWaiting(say("Mất mạng vẫn mở lại được trang này ở đúng địa chỉ này.", "Without a line this page still opens at this address."));
    } catch {
      tell(say("Chưa mang theo được. Hãy kiểm tra mạng rồi thử lại.", "Could not be carried along. Check your connection and try again."));
    }
  });
}

if (form) {
  for (const note of form.querySelectorAll("[data-only]")) note.hidden = true;
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => (event.target.dataset.photo ? photographed(event.target) : changed(event)));
  form.addEventListener("submit", submitted);
  addEventListener("online", flush);
  ask();
  read.then(() => {
    fill();
    return showWaiting();
  }).then(flush);
  mountCarrying();
}

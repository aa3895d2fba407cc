// Service worker: the site opens without a line. Every opened page that is the same for everybody is kept with all its
// files, for as long as there is room; saved ones until they are removed. Of personal pages only the visits that an
// inspector carries along.
import { fetchPage, fetchShell, file, isForEverybody, keepAll, keepPage, kept, languageOf, list, noteOf, remove, SAVED, SHELL, SOUNDS, tidy, touch } from "./js/device/pages.js";
import "./sw_push.js";

const VISITS = "hv-visits";
const PATIENCE = 3000;

const isVisit = (path) => path.startsWith("/dieu-hanh/kiem-tra/luot/");

async function install() {
  await fetchShell(self.HV_ASSETS);
  for (const path of SHELL) if (!(await kept(path))) await keepPage(path, await fetchPage(path, "vi"));
  await renew(await stale());
  await self.skipWaiting();
}

/** Kept pages that were drawn by another release than this worker's. */
const stale = async () => (await list()).filter((row) => !self.HV_ASSETS.slice(0, 2).every((path) => row.files.includes(path)));

/**
 * Kept pages anew with all that they name, or all as they were: nothing is put in its place before all is here. Each
 * sound by itself: it may be still being made, and then the old one stays.
 */
async function renew(rows) {
  const pages = rows.filter((row) => row.pin !== SOUNDS);
  const together = [...new Set(pages.map((row) => row.language))].map((language) => pages.filter((row) => row.language === language));
  for (const group of [...together, ...rows.filter((row) => row.pin === SOUNDS).map((row) => [row])]) {
    await keepAll(group.map((row) => row.path), group[0].language).catch(() => {});
  }
}

/** A saved programme whole, as it is by now: with the lessons it gained, without those it has no more. */
async function renewSaved(pin, language) {
  const answer = await fetch(`/hoc/${pin}/offline.json`);
  if (!answer.ok) return;
  const { urls } = await answer.json();
  await keepAll(urls, language, { pin });
  await remove((await list()).filter((row) => row.pin === pin && !urls.includes(row.path)).map((row) => row.path));
}

/** The language in which one reads: what the cookie says, else that in which the shell was kept last. */
async function wanted() {
  if (self.cookieStore) return (await self.cookieStore.get("hv_lang"))?.value ?? "vi";
  const shell = await kept(SAVED);
  return shell ? languageOf(shell) : "vi";
}

/** What opens in place of other pages is in the language that is read. */
async function renewShell(language) {
  const others = (await list()).filter((row) => SHELL.includes(row.path) && row.language !== language);
  if (others.length) await keepAll(others.map((row) => row.path), language);
}

/** The page that was opened before this worker was there; a sound is kept when somebody asks for it, not before. */
async function keepOpened({ source, data }) {
  const path = new URL(source.url).pathname;
  if (!path.endsWith("/nghe/") && !(await kept(path))) await keepPage(path, await fetchPage(path, data.opened));
  await renewShell(data.opened);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "tidy") event.waitUntil(tidy(self.HV_ASSETS));
  if (event.data.opened) event.waitUntil(keepOpened(event).catch(() => {}));
});

/** What a page that is not kept looks like without a line: the list of those that are. */
const fallback = async () => (await kept(SAVED)) ?? Response.error();
const isOurs = (answer) => answer.headers.has("Content-Security-Policy");
const ofProxy = (answer) => [502, 503, 504].includes(answer.status) && !isOurs(answer);

/** A form that could not be sent: the page stays as it is, with all that was written, and is told (204 leads nowhere). */
async function unsent() {
  for (const page of await self.clients.matchAll({ type: "window" })) if (page.visibilityState === "visible") page.postMessage("unsent");
  return new Response(null, { status: 204 });
}

/** A part of a kept sound, as players ask for it. */
async function part(range, whole) {
  const blob = await whole.blob();
  const [, from, to] = /bytes=(\d*)-(\d*)/.exec(range) ?? [];
  const first = from ? Number(from) : Math.max(0, blob.size - Number(to));
  const last = from && to ? Math.min(Number(to), blob.size - 1) : blob.size - 1;
  if (!(first <= last)) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  const headers = { "Content-Type": whole.headers.get("Content-Type") ?? "", "Content-Range": `bytes ${first}-${last}/${blob.size}`, "Accept-Ranges": "bytes" };
  return new Response(blob.slice(first, last + 1), { status: 206, headers });
}

async function asset(request) {
  const found = (await file(request.url)) ?? (await (await caches.open(VISITS)).match(request));
  if (!found) return fetch(request);
  const range = request.headers.get("Range");
  return range ? part(range, found) : found;
}

/** The programme of a page; pages of one programme are renewed together. */
const groupOf = (path) => path.split("/")[2];

/** A fresh page for everybody in its place; what else belongs to it is renewed when it is news, not another language. */
async function putInPlace(path, before, answer) {
  const language = languageOf(answer);
  const old = before && { ...noteOf(before), language: languageOf(before) };
  if (old?.pin && old.language !== language) return touch(path); // a programme stays whole in one language
  if (before && (await before.text()) === (await answer.clone().text())) return touch(path);
  await keepPage(path, answer);
  if (old && old.language !== language) return undefined;
  const group = (await list()).filter((row) => groupOf(row.path) === groupOf(path));
  const saved = group.find((row) => row.pin === groupOf(path)); // not one that is kept to listen to
  if (saved) await renewSaved(saved.pin, saved.language).catch(() => {});
  return old && renew(group.filter((row) => row.path !== path && !row.pin));
}

async function follow(path, before, fresh) {
  const answer = await fresh.catch(() => null);
  if (answer && [404, 410].includes(answer.status) && isOurs(answer)) return remove([path]); // withdrawn
  if (!answer || !isForEverybody(answer)) return before && touch(path);
  try {
    await putInPlace(path, before, answer);
    await renewShell(languageOf(answer));
    return await renew(await stale());
  } finally {
    await tidy(self.HV_ASSETS); // also what came before there was no more room
  }
}

/** What the site answers, or what is kept: at a fault at once, on a slow line after some patience (`late`). */
function answered(fresh, found, late) {
  const sound = fresh.then((answer) => (answer.status >= 500 && (found || ofProxy(answer)) ? Promise.reject(answer) : answer));
  if (!found) return sound.catch(fallback);
  const patience = new Promise((resolve) => setTimeout(() => resolve(found), PATIENCE));
  return Promise.race([sound.catch(() => found), ...(late ? [patience] : [])]);
}

/** Only a page for everybody is read a second time; of others, downloads among them, the head is enough. */
const headOf = (answer) => (isForEverybody(answer) ? answer.clone() : answer);

async function page(event, path, search) {
  const fresh = fetch(event.request);
  const told = fresh.then(headOf);
  told.catch(() => {});
  const found = await kept(path);
  if (!search) event.waitUntil(follow(path, found?.clone(), told).catch(() => {}));
  return answered(fresh, found, found && languageOf(found) === (await wanted()));
}

async function visit(request) {
  return answered(fetch(request), await (await caches.open(VISITS)).match(request, { ignoreVary: true }), true);
}

/** Forms with files go by themselves: older browsers lose the files on the way through a worker. */
const isPlainForm = ({ method, mode, headers }) => method === "POST" && mode === "navigate" && !headers.get("Content-Type")?.startsWith("multipart/");

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (isPlainForm(request)) event.respondWith(fetch(request).catch(unsent));
  if (request.method !== "GET") return;
  if (/^\/(static|b)\//.test(pathname)) event.respondWith(asset(request));
  else if (request.mode !== "navigate") return;
  else if (isVisit(pathname)) event.respondWith(visit(request));
  else event.respondWith(page(event, pathname, search));
});

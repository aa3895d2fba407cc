// Service worker: the site opens without a line. Every opened page that is the same for everybody is kept with all its
// files, for as long as there is room; saved ones until they are removed. Of personal pages only the visits that an
// inspector carries along.
import { fetchPage, fetchShell, file, isForEverybody, keepAll, keepPage, kept, list, tidy, touch } from "./js/device/pages.js";
import "./sw_push.js";

const VISITS = "hv-visits";
const PATIENCE = 3000;
const SAVED = "/da-luu/";
const SHELL = ["/", SAVED, "/ai-hoc/"];
const SAVED_OF_OLD = "hv-saved"; // the cache of an earlier version

const isVisit = (path) => path.startsWith("/dieu-hanh/kiem-tra/luot/");

async function install() {
  await fetchShell(self.HV_ASSETS);
  for (const path of SHELL) if (!(await kept(path))) await keepPage(path, await fetchPage(path, "vi"));
  await fromOldCache().catch(() => {}); // no line any more: at the next start
  await renew(await stale());
  await self.skipWaiting();
}

/** Kept pages that were drawn by another release than this worker's. */
const stale = async () => (await list()).filter((row) => !self.HV_ASSETS.slice(0, 2).every((path) => row.files.includes(path)));

/** Kept pages anew with all that they name, or all as they were: nothing is put in its place before all is here. */
async function renew(rows) {
  for (const language of new Set(rows.map((row) => row.language))) {
    await keepAll(rows.filter((row) => row.language === language).map((row) => row.path), language).catch(() => {});
  }
}

/** What an earlier version of this worker had saved, fetched anew with its pictures; the old goes once it is here. */
async function fromOldCache() {
  if (!(await caches.has(SAVED_OF_OLD))) return;
  const requests = await (await caches.open(SAVED_OF_OLD)).keys();
  await keepAll(requests.map((request) => new URL(request.url).pathname), "vi", { pin: "1" });
  await caches.delete(SAVED_OF_OLD);
}

/** Short, for whatever is asked waits until it is through. */
async function activate() {
  await caches.delete("hv-assets");
  await self.clients.claim();
}

/** The page that was opened before this worker was there. */
async function keepOpened({ source }) {
  const path = new URL(source.url).pathname;
  if (!(await kept(path))) await keepPage(path, await fetchPage(path, "vi"));
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "tidy") event.waitUntil(tidy(self.HV_ASSETS, SHELL));
  if (event.data === "opened") event.waitUntil(keepOpened(event).catch(() => {}));
});

/** What a page that is not kept looks like without a line: the list of those that are. */
const fallback = async () => (await kept(SAVED)) ?? Response.error();
const ofProxy = (answer) => [502, 503, 504].includes(answer.status) && !answer.headers.has("Content-Security-Policy");

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

async function follow(path, before, fresh) {
  const answer = await fresh.catch(() => null);
  if (answer && isForEverybody(answer)) {
    const same = before && (await before.text()) === (await answer.clone().text());
    if (same) await touch(path);
    else await keepPage(path, answer);
    if (before && !same) await renew((await list()).filter((row) => row.path !== path && groupOf(row.path) === groupOf(path)));
    await renew(await stale());
    await tidy(self.HV_ASSETS, SHELL);
  } else if (before) await touch(path);
}

function answered(fresh, found) {
  const sound = fresh.then((answer) => (answer.status >= 500 && (found || ofProxy(answer)) ? Promise.reject(answer) : answer));
  if (!found) return sound.catch(fallback);
  const late = new Promise((resolve) => setTimeout(() => resolve(found), PATIENCE));
  return Promise.race([sound.catch(() => found), late]);
}

async function page(event, path, search) {
  const found = await kept(path);
  const fresh = fetch(event.request);
  if (!search) event.waitUntil(follow(path, found?.clone(), fresh.then((answer) => answer.clone())).catch(() => {}));
  return answered(fresh, found);
}

async function visit(request) {
  return answered(fetch(request), await (await caches.open(VISITS)).match(request, { ignoreVary: true }));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (/^\/(static|b)\//.test(pathname)) event.respondWith(asset(request));
  else if (request.mode !== "navigate") return;
  else if (isVisit(pathname)) event.respondWith(visit(request));
  else event.respondWith(page(event, pathname, search));
});

// Service worker: finished pages and assets; of personal pages only the visits that an inspector carries along.
import "./sw_push.js";

const ASSETS = "hv-assets";
const PAGES = "hv-saved";
const VISITS = "hv-visits";
const PATIENCE = 3000;
const OFFLINE = `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Đang mất mạng</title><h1>Đang mất mạng</h1><p>Trang này chưa được lưu trên máy. Khi có mạng, hãy mở lại. Những bài đã lưu vẫn học được.</p><p><a href="/">Về trang đầu</a></p></html>`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(self.HV_ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const current = new Set(self.HV_ASSETS);
  const tidy = caches.open(ASSETS).then(async (cache) => {
    for (const request of await cache.keys()) if (!current.has(new URL(request.url).pathname)) await cache.delete(request);
  });
  event.waitUntil(tidy.then(() => self.clients.claim()));
});

const offline = () => new Response(OFFLINE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
const isVisit = (path) => path.startsWith("/dieu-hanh/kiem-tra/luot/");
const isPage = (path) => path === "/" || path.startsWith("/hoc/") || path.startsWith("/chuong-trinh/");

async function asset(request) {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
}

async function page(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && kept) await (await caches.open(PAGES)).put(request, answer.clone());
    return answer;
  });
  if (!kept) return fresh.catch(offline);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}

async function visit(request) {
  const kept = await (await caches.open(VISITS)).match(request, { ignoreVary: true });
  const fresh = fetch(request);
  if (!kept) return fresh.catch(offline);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
  else if (event.request.mode === "navigate" && isPage(url.pathname) && !url.pathname.endsWith("/huong-dan/")) event.respondWith(page(event.request));
  else if (event.request.mode === "navigate" && isVisit(url.pathname)) event.respondWith(visit(event.request));
});

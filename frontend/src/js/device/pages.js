// Pages kept on this device, each with every file it names. What is known of a page stands in a header of its own
// answer, so that page and note are one entry. Used by the service worker and by the pages that save and list.

const PAGES = "hv-pages";
/** Pages that lie on every device; what to do after a fraud too, for it says to cut the line. */
export const SAVED = "/da-luu/";
export const SHELL = ["/", SAVED, "/ai-hoc/", "/nho-giup/vua-bi-lua/"];
/** With what lessons to listen to are saved, whatever their programme. */
export const SOUNDS = "/nghe"; // no key of a programme
const FILES = "hv-files";
const NOTE = "Hv-Kept";
/** Room for pages that were opened but not saved: the longest unopened go first. Saved ones stay until removed. */
export const ROOM = 30 * 1024 * 1024;

const alone = (work) => (self.navigator.locks ? self.navigator.locks.request("hv-kept", work) : work());
const NAMES = [
  ["text/html", /["'\s,](\/(?:static|b)\/[^"'\s,<>]+)/g], // whatever attribute or data names it
  ["text/css", /url\(["']?([^"')]+)/g],
  ["javascript", /import\(?["'](\.[^"']+)["']/g],
];

/** The files of this site that a page, style sheet or script names. */
function named(text, kind, base) {
  const pattern = NAMES.find(([name]) => kind.includes(name))?.[1];
  const urls = pattern ? [...text.matchAll(pattern)].map(([, value]) => new URL(value, base)) : [];
  return urls.filter((url) => url.origin === location.origin && /^\/(static|b)\//.test(url.pathname)).map((url) => url.pathname);
}

/** The language of an answer. */
export const languageOf = (answer) => answer.headers.get("Content-Language") ?? "vi";
const kindOf = (answer) => answer.headers.get("Content-Type") ?? "";

/** Fetch what is not here yet of these files and of those they name; all their paths and their weight. */
async function fetchFiles(paths) {
  const cache = await caches.open(FILES);
  const seen = new Set();
  let bytes = 0;
  for (const todo = [...paths]; todo.length; ) {
    const path = todo.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    let answer = await cache.match(path);
    if (!answer) {
      answer = await fetch(path);
      if (answer.status !== 200) throw new Error(path);
      await cache.put(path, answer.clone());
    }
    if (path.startsWith("/b/")) bytes += (await answer.clone().blob()).size;
    if (/css|javascript/.test(kindOf(answer))) todo.push(...named(await answer.text(), kindOf(answer), new URL(path, location.origin)));
  }
  return { files: [...seen], bytes };
}

/** What is known of a kept page. */
export const noteOf = (answer) => JSON.parse(decodeURIComponent(answer.headers.get(NOTE) ?? "%7B%7D"));
const title = (html) => /<title>\s*([^<]*?)(?: · [^·<]*)?\s*<\/title>/.exec(html)?.[1] ?? "";

function withNote(body, from, note) {
  const headers = new Headers(from.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(NOTE, encodeURIComponent(JSON.stringify(note)));
  return new Response(body, { headers });
}

/** Whether it is the same for everybody and holds nothing of a person: made at publishing, or marked as such. */
export const isForEverybody = (answer) => answer.status === 200 && !answer.redirected && (answer.headers.has("ETag") || answer.headers.has("Hv-Everybody"));

/** The page as everybody sees it: asked for without cookies. */
export async function fetchPage(path, language) {
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache", headers: { "Hv-Language": language } });
  if (!isForEverybody(answer)) throw Object.assign(new Error(path), { status: answer.status });
  return answer;
}

/** A page made ready, with all its files here; not put in its place yet. */
async function prepare(path, answer, more = {}) {
  const html = await answer.clone().text();
  const { files, bytes } = await fetchFiles(named(html, "text/html", new URL(path, location.origin)));
  const old = await kept(path);
  const now = Date.now();
  const note = { since: now, opened: now, pin: "", ...(old && noteOf(old)), title: title(html), files, bytes: bytes + new Blob([html]).size, ...more };
  return [path, withNote(html, answer, note)];
}

/** Keep one page: first its files, then itself. */
export async function keepPage(path, answer, more) {
  await alone(async () => (await caches.open(PAGES)).put(...(await prepare(path, answer, more))));
}

/** Keep many pages together or none; `step(n)` is told how many are ready. */
export async function keepAll(paths, language, more, step = () => {}) {
  await alone(async () => {
    const ready = [];
    const gone = [];
    for (const path of paths) {
      try {
        ready.push(await prepare(path, await fetchPage(path, language), more));
      } catch (error) {
        if (![404, 410].includes(error.status) || more) throw error;
        gone.push(path); // a lesson that the new edition has no more
      }
      step(ready.length);
    }
    const cache = await caches.open(PAGES);
    for (const [path, page] of ready) await cache.put(path, page);
    for (const path of gone) await cache.delete(path);
  });
}

export const kept = async (path) => (await caches.open(PAGES)).match(path, { ignoreVary: true });
export const file = async (path) => (await caches.open(FILES)).match(path, { ignoreVary: true });

/** Every kept page: {path, language, title, since, opened, pin, bytes, files}. */
export async function list() {
  const cache = await caches.open(PAGES);
  const rows = [];
  for (const request of await cache.keys()) {
    const answer = await cache.match(request, { ignoreVary: true });
    if (answer) rows.push({ path: new URL(request.url).pathname, language: languageOf(answer), ...noteOf(answer) });
  }
  return rows;
}

/** Note that a kept page was opened. */
export async function touch(path) {
  await alone(async () => {
    const answer = await kept(path);
    if (answer) await (await caches.open(PAGES)).put(path, withNote(await answer.blob(), answer, { ...noteOf(answer), opened: Date.now() }));
  });
}

/** Take pages off this device. */
export const remove = (paths) =>
  alone(async () => {
    const cache = await caches.open(PAGES);
    for (const path of paths) await cache.delete(path);
  });

/** Make room: opened pages beyond it go, then files that no page names; `always` are the worker's own. */
export async function tidy(always, room = ROOM) {
  await alone(async () => {
    const rows = await list();
    const loose = rows.filter((row) => !row.pin && !SHELL.includes(row.path)).sort((a, b) => b.opened - a.opened);
    let used = 0;
    const out = loose.filter((row) => (used += row.bytes) > room);
    const pages = await caches.open(PAGES);
    for (const row of out) await pages.delete(row.path);
    const wanted = new Set([...always, ...rows.filter((row) => !out.includes(row)).flatMap((row) => row.files)]);
    const files = await caches.open(FILES);
    for (const request of await files.keys()) if (!wanted.has(new URL(request.url).pathname)) await files.delete(request);
  });
}

export const fetchShell = (paths) => alone(() => fetchFiles(paths));

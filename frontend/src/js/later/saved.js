// "Đã lưu": what this device keeps, how heavy it is, since when; and how to remove it.
import { list, remove, ROOM, SAVED, SHELL, SOUNDS } from "../device/pages.js";
import { button, el, say } from "../dom.js";
import { kilobytes } from "./size.js";

const day = (at) => new Intl.DateTimeFormat(say("vi-VN", "en-GB"), { day: "numeric", month: "numeric", year: "numeric" }).format(at);

async function drop(paths, box, device) {
  await remove(paths);
  (await navigator.serviceWorker?.getRegistration())?.active?.postMessage("tidy");
  await show(box, device);
  box.querySelector("h2, p")?.focus();
}

const weight = (rows) => kilobytes(rows.reduce((sum, row) => sum + row.bytes, 0));

function lessons(rows) {
  const item = (row) => el("li", {}, el("a", { href: row.path }, row.title), el("small", {}, kilobytes(row.bytes)));
  return el("ul", { class: "kept" }, ...rows.filter((row) => row.path.startsWith("/hoc/")).map(item));
}

function programme(key, rows, again) {
  const front = rows.find((row) => row.path.startsWith("/chuong-trinh/"));
  const name = front?.title ?? (key === SOUNDS ? say("Bài để nghe", "Lessons to listen to") : key);
  const since = Math.min(...rows.map((row) => row.since));
  return el("section", { class: "card" },
    el("h2", { tabindex: "-1" }, front ? el("a", { href: front.path }, name) : name),
    el("p", {}, say(`${weight(rows)}, lưu từ ${day(since)}`, `${weight(rows)}, saved since ${day(since)}`)),
    lessons(rows),
    el("p", { class: "actions" }, button("button quiet", () => again(rows.map((row) => row.path)), say(`Bỏ khỏi máy: ${name}`, `Remove: ${name}`))));
}

function opened(rows, again) {
  const room = kilobytes(ROOM);
  const item = (row) => el("li", {},
    el("span", {}, el("a", { href: row.path }, row.title), el("small", {}, `${kilobytes(row.bytes)}, ${day(row.since)}`)),
    button("button plain", () => again([row.path]), say("Bỏ", "Remove"), el("span", { class: "visually-hidden" }, ` ${row.title}`)));
  return el("section", { class: "card" },
    el("h2", { tabindex: "-1" }, say("Bài đã mở", "Opened lessons")),
    el("p", {}, say(`${weight(rows)} trên nhiều nhất ${room}. Khi hết chỗ, bài lâu không mở đi trước.`, `${weight(rows)} of at most ${room}. When there is no more room, what was not opened for longest goes first.`)),
    el("ul", { class: "kept" }, ...rows.map(item)),
    el("p", { class: "actions" }, button("button quiet", () => again(rows.map((row) => row.path)), say("Bỏ tất cả", "Remove all"))));
}

async function show(box, device) {
  const rows = (await list()).filter((row) => !SHELL.includes(row.path)).sort((a, b) => b.opened - a.opened);
  const again = (paths) => drop(paths, box, device);
  const pins = Map.groupBy ? Map.groupBy(rows, (row) => row.pin) : rows.reduce((all, row) => all.set(row.pin, [...(all.get(row.pin) ?? []), row]), new Map());
  const loose = pins.get("") ?? [];
  pins.delete("");
  const none = el("p", { class: "empty", tabindex: "-1" }, say("Chưa lưu gì. Mở một bài, hoặc bấm “Lưu vào máy” trong bài.", "Nothing is saved yet. Open a lesson, or press “Save offline” in one."));
  box.replaceChildren(...[...pins].map(([key, its]) => programme(key, its, again)), ...(loose.length ? [opened(loose, again)] : []), ...(rows.length ? [] : [none]));
}

/** Opened in place of a page that is not kept, or by its own address. */
export default async function mount(device, box) {
  document.querySelector("[data-no-line]").hidden = location.pathname === SAVED;
  if (!("caches" in window)) return;
  await show(box, device);
}

// Saves a whole programme on this device: all of it or nothing, with visible progress.
import { keepAll, kept, noteOf } from "../device/pages.js";
import { el, say } from "../dom.js";
import { kilobytes } from "./size.js";

/** Save it; what is said stands in `status`. */
export default async function save(programme, status) {
  const asked = navigator.storage?.persist?.().catch(() => false);
  const answer = await fetch(`/hoc/${programme}/offline.json`);
  if (!answer.ok) throw new Error(String(answer.status));
  const { urls } = await answer.json();
  const step = (n) => (status.textContent = say(`Đang lưu ${n}/${urls.length}…`, `Saving ${n} of ${urls.length}…`));
  step(0);
  await keepAll(urls, document.documentElement.lang, { pin: programme, since: Date.now() }, step);
  let bytes = 0;
  for (const url of urls) bytes += noteOf(await kept(url)).bytes;
  const words = say(`Đã lưu cả chương trình, ${kilobytes(bytes)}. Mất mạng vẫn học được.`, `Saved, ${kilobytes(bytes)}. You can learn without a line.`);
  const firm = (await asked) ? "" : say(" Trình duyệt có thể tự xoá khi máy gần đầy.", " The browser may remove it when the device is nearly full.");
  status.replaceChildren(words + firm, " ", el("a", { href: "/da-luu/" }, say("Xem những gì đã lưu", "See what is saved")));
}

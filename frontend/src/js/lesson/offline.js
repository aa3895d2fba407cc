// "Save to learn without a line": the whole programme into the browser's cache, with visible progress.
import { say } from "../dom.js";

async function save(programme, status) {
  const answer = await fetch(`/hoc/${programme}/offline.json`);
  if (!answer.ok) throw new Error(String(answer.status));
  const { urls } = await answer.json();
  const cache = await caches.open("hv-saved");
  let bytes = 0;
  for (const [index, url] of urls.entries()) {
    status.textContent = say(`Đang lưu ${index + 1}/${urls.length}…`, `Saving ${index + 1} of ${urls.length}…`);
    const page = await fetch(url);
    if (!page.ok) throw new Error(url);
    bytes += (await page.clone().blob()).size;
    await cache.put(url, page);
  }
  return bytes;
}

export function mountOffline() {
  const button = document.querySelector("[data-save-offline]");
  if (!button || !("caches" in window) || !("serviceWorker" in navigator)) return;
  const status = document.querySelector("[data-save-status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const bytes = await save(document.querySelector("[data-programme]").dataset.programme, status);
      status.textContent = say(`Đã lưu cả chương trình, ${Math.round(bytes / 1024)} KB. Mất mạng vẫn học được.`, `Saved, ${Math.round(bytes / 1024)} KB. You can learn without a line.`);
    } catch {
      status.textContent = say("Chưa lưu được. Hãy kiểm tra mạng rồi thử lại.", "Could not save. Check your connection and try again.");
      button.disabled = false;
    }
  });
}

// "Save to learn without a line": the whole programme, with its pictures and sounds; and whether that was done before.
import { kept, noteOf } from "../device/pages.js";
import { say } from "../dom.js";
import { later } from "../later.js";

/** Whether this very page lies saved on the device; read from the cache, so true after a reload too. */
async function isSaved() {
  const page = await kept(location.pathname);
  return Boolean(page && noteOf(page).pin);
}

export async function mountOffline() {
  const button = document.querySelector("[data-save-offline]");
  if (!button || !("caches" in window) || !("serviceWorker" in navigator)) return;
  const status = document.querySelector("[data-save-status]");
  const saved = () => {
    button.querySelector("span").textContent = say("Đã lưu trên máy", "Saved on this device");
    button.disabled = true;
  };
  button.hidden = false;
  if (await isSaved().catch(() => false)) return saved();
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await (await later.saving()).default(document.body.dataset.programme, status);
      saved();
    } catch {
      status.textContent = say("Chưa lưu được. Hãy kiểm tra mạng rồi thử lại.", "Could not save. Check your connection and try again.");
      button.disabled = false;
      navigator.serviceWorker.controller?.postMessage("tidy"); // what came of it
    }
  });
}

// "Learn together": the lesson's address by whatever the device shares with, or copied.
import { say } from "../dom.js";

/** Share this page; where the device has no way to, copy its address and say so. */
export async function share(button) {
  const url = document.querySelector("link[rel=canonical]")?.href ?? location.origin + location.pathname;
  const status = button.parentNode.querySelector("[role=status]");
  const text = button.dataset.share;
  if (navigator.share) return navigator.share({ title: document.title, text, url }).catch(() => {});
  try {
    await navigator.clipboard.writeText(`${text} ${url}`);
    status.textContent = say("Đã chép đường dẫn. Hãy dán vào tin nhắn.", "Link copied. Paste it into a message.");
  } catch {
    status.textContent = url; // pages without TLS may not write to the clipboard
  }
  return undefined;
}

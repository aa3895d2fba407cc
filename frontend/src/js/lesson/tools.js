// The lesson's tools: each loads what it needs when it is pressed.
import { say, store } from "../dom.js";
import { extras, SOUND } from "./lazy.js";

/** Nothing that was pressed stays silent, not even without a line. */
export function tellMissing(button) {
  const status = button.parentNode.querySelector("[role=status]") ?? document.querySelector("[data-aloud-status]");
  status.textContent = say("Chưa tải được phần này. Hãy thử lại khi có mạng.", "This part could not be loaded. Try again with a connection.");
}

function onPress(selector, use) {
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.addEventListener("click", () => extras().then((all) => use(all, button)).catch(() => tellMissing(button)));
  }
}

/** Sound is off until it is turned on, and stays as it was left. */
function mountSound() {
  const button = document.querySelector("[data-sound]");
  if (!button) return;
  const show = () => button.setAttribute("aria-pressed", String(!!store.get(SOUND, 0)));
  onPress("[data-sound]", (all) => {
    store.set(SOUND, store.get(SOUND, 0) ? 0 : 1);
    show();
    if (store.get(SOUND, 0)) all.chime("right");
  });
  show();
}

export function mountTools() {
  onPress("[data-read-aloud]", (all, button) => all.readAloud(button));
  onPress("[data-share]", (all, button) => all.share(button));
  mountSound();
}

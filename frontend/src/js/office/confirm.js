// A form that cannot be undone asks once more in its own place: the first press arms its button, the second sends.
import { say } from "../dom.js";

export function confirmForms() {
  for (const form of document.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.armed) return;
      event.preventDefault();
      form.dataset.armed = "1";
      event.submitter.textContent = `${say("Chắc chắn?", "Sure?")} ${form.dataset.confirm}`;
      setTimeout(() => delete form.dataset.armed, 8000);
    });
  }
}

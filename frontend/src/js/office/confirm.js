// What cannot be undone asks once more in its own place: the first press arms the button, the second sends. The
// question stands on the form, or on the one button that needs it; a double click is one press.
import { say } from "../dom.js";

const OPEN = 8000, DOUBLE = 600; // milliseconds

export function confirmForms() {
  for (const form of document.querySelectorAll("form[data-confirm], form:has(button[data-confirm])")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      const question = button?.dataset.confirm ?? form.dataset.confirm;
      if (!button || !question) return;
      if (!button.dataset.armed) arm(button, question);
      else if (Date.now() - button.dataset.armed > DOUBLE) return;
      event.preventDefault();
    });
  }
}

function arm(button, question) {
  const before = [...button.childNodes], label = button.getAttribute("aria-label");
  button.dataset.armed = Date.now();
  button.removeAttribute("aria-label");
  button.textContent = `${say("Chắc chắn?", "Sure?")} ${question}`;
  setTimeout(() => {
    delete button.dataset.armed;
    button.replaceChildren(...before);
    if (label) button.setAttribute("aria-label", label);
  }, OPEN);
}

// The practice of forty seconds. Without this script it is a list of things to open; with it, a screen of its own.
import { el, say } from "../dom.js";

/** Make it fill the screen once it is opened, one step after the other. */
export function mountTrial(details) {
  const stage = details.querySelector(".trial");
  const dialog = el("dialog", { class: "trial-screen", "aria-label": say("Thử 40 giây", "Try for 40 seconds") });
  if (!dialog.showModal) return;
  const steps = [...stage.querySelectorAll("[data-step]")];
  const bar = stage.querySelector("progress");
  const choices = new Map([...stage.querySelectorAll(".choice")].map((choice) => [choice, choice.querySelector(".verdict")]));
  let at = 0;

  function show(number) {
    at = number;
    steps.forEach((step, n) => (step.hidden = n !== at));
    bar.value = at;
    closeAll();
    dialog.scrollTop = 0;
    const first = steps[at].querySelector("[tabindex='-1']:not(.verdict), .ask");
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  }

  function closeAll() {
    for (const choice of choices.keys()) choice.open = false;
    for (const verdict of stage.querySelectorAll(".verdict")) verdict.hidden = true;
  }

  function press(event) {
    const pressed = event.target.closest("[data-next], [data-again], [data-close], [data-answer]");
    if (!pressed) return;
    const { next, again, close, answer } = pressed.dataset;
    if (next != null) show(at + 1);
    else if (close != null) dialog.close();
    else if (answer) reveal(steps[at].querySelector(`[data-verdict="${answer}"]`));
    else if (again != null) {
      const choice = [...choices.keys()].find((one) => one.open);
      closeAll();
      choice.querySelector("summary").focus();
    }
  }

  function reveal(verdict) {
    verdict.hidden = false;
    verdict.focus({ preventScroll: true });
  }

  for (const node of stage.querySelectorAll("[data-script], .trial-head")) node.hidden = false;
  for (const [choice, verdict] of choices) {
    choice.parentNode.append(verdict); // out of what folds: it lies at the bottom of the screen
    choice.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      closeAll();
      choice.open = true;
      reveal(verdict);
    });
  }
  stage.addEventListener("click", press);
  dialog.append(stage);
  document.body.append(dialog);
  const begin = () => {
    details.open = false; // it may have been opened before this script was here
    dialog.showModal();
    show(0);
  };
  details.addEventListener("click", (event) => {
    event.preventDefault();
    begin();
  });
  if (details.open) begin();
}

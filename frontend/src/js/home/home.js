// Home and the pages of who one is.
import { chosen } from "../device/person.js";
import { say, store } from "../dom.js";
import { mountKnown, WHO } from "./known.js";
import { mountTrial } from "./trial.js";

if (document.body.dataset.persona) store.set(WHO, document.body.dataset.persona);
const trial = document.querySelector("[data-try]");
if (trial) mountTrial(trial);
const greeting = document.querySelector("[data-hello]");
if (greeting) {
  const { name } = chosen();
  if (name) greeting.textContent = say(`Chào ${name}!`, `Hello, ${name}!`);
  mountKnown();
}

// Home and the pages of who one is.
import { store } from "../dom.js";
import { mountKnown, WHO } from "./known.js";
import { mountTrial } from "./trial.js";

if (document.body.dataset.persona) store.set(WHO, document.body.dataset.persona);
const trial = document.querySelector("[data-try]");
if (trial) mountTrial(trial);
if (document.querySelector("[data-known]")) mountKnown();

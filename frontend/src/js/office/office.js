// On the steering pages: what works better with a script. Everything works without.
import { confirmForms } from "./confirm.js";
import { followJob } from "./jobs.js";
import { growRows } from "./rows.js";
import { keepFresh } from "./wall.js";
import "./inspections.js";

confirmForms();
growRows();
keepFresh();
followJob();

// The learning management system that shows this page: found as SCORM says, spoken to as its version wants.

const DEEPEST = 12; // frames that may stand around a page

const SCORM_2004 = {
  start: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", end: "Terminate",
  status: "cmi.completion_status", location: "cmi.location", time: "cmi.session_time", exit: "cmi.exit", score: "cmi.score",
  most: 64000,
  duration: (seconds) => `PT${seconds}S`,
};
const two = (number) => String(Math.floor(number)).padStart(2, "0");
const SCORM_12 = {
  start: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", end: "LMSFinish",
  status: "cmi.core.lesson_status", location: "cmi.core.lesson_location", time: "cmi.core.session_time", exit: "cmi.core.exit", score: "cmi.core.score",
  most: 4096,
  duration: (seconds) => `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`,
};

function around(start) {
  for (let frame = start, depth = 0; frame && depth < DEEPEST; depth++) {
    try {
      if (frame.API_1484_11) return [frame.API_1484_11, SCORM_2004];
      if (frame.API) return [frame.API, SCORM_12];
    } catch {
      return null; // a page of another site stands around it
    }
    frame = frame.parent === frame ? null : frame.parent;
  }
  return null;
}

const [api, words] = around(window) ?? around(window.opener) ?? [null, SCORM_12];
const set = (name, value) => api[words.set](name, String(value));
let open = api ? String(api[words.start]("")) === "true" : false;

/** Whether anybody keeps what is done here. */
export const connected = () => open;

/** What was kept on an earlier visit. */
export function kept() {
  if (!open) return {};
  const status = api[words.get](words.status);
  if (!["completed", "passed", "failed"].includes(status)) set(words.status, "incomplete");
  set(words.exit, "suspend");
  try {
    return { ...JSON.parse(api[words.get]("cmi.suspend_data")), at: api[words.get](words.location) };
  } catch {
    return {};
  }
}

/** Hand over how far somebody is. `score`: of 1, or null; `done`: the whole lesson; `at`: the part that was last. */
export function keep(state, { score, done, at, seconds }) {
  if (!open) return;
  const whole = JSON.stringify(state);
  set("cmi.suspend_data", whole.length <= words.most ? whole : JSON.stringify({ ...state, step: undefined }));
  if (at) set(words.location, at);
  if (score !== null) {
    for (const [name, value] of [["min", 0], ["max", 100], ["raw", Math.round(score * 100)]]) set(`${words.score}.${name}`, value);
    if (words === SCORM_2004) set("cmi.score.scaled", score);
  }
  if (done) set(words.status, "completed");
  set(words.time, words.duration(seconds));
  api[words.commit]("");
}

/** The visit ends; nothing is heard after that. */
export function leave() {
  if (open) api[words.end]("");
  open = false;
}

// A lesson inside a learning management system: the site's own practice and checks; build.mjs puts the records of this
// folder in the place of the site's.
import { el, say } from "../dom.js";
import { mountLesson } from "../lesson/lesson.js";
import { goTo } from "../lesson/next.js";
import { connected } from "./lms.js";
import { lastPart, progress } from "./records.js";

mountLesson();
const part = lastPart && progress().state !== "done" && document.querySelector(lastPart === "practice" ? "[data-practice]" : `[data-item="${CSS.escape(lastPart)}"]`);
if (part) goTo(part);
if (!connected()) {
  const words = say("Không tìm thấy hệ thống quản lý học tập (LMS). Bạn vẫn học được, nhưng kết quả không được ghi lại.", "No learning management system (LMS) was found. You can learn, but nothing is recorded.");
  document.querySelector("h1").after(el("p", { class: "notice warn", role: "status", "data-no-lms": true }, words));
}

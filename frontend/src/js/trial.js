// The preview of a lesson that is being written: its practice can be played at once.
import { tryPractice } from "./lesson/lesson.js";

if (self !== top) document.body.classList.add("framed"); // where a service worker fetches the page, the server cannot tell
tryPractice();

// The preview of a lesson that is being written: its practice can be played at once.
import { tryPractice } from "./lesson/lesson.js";

tryPractice();

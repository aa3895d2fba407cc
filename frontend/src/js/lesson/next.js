// From a part of the lesson that is done to what comes after it.
import { button, sayIn } from "../dom.js";

/** The share from which a part went well. */
export const WELL = 0.6;

/** A part was done; `share` of it was right. The end of the lesson says what is worth another try. */
export function done(part, share) {
  part.dataset.done = share;
  document.dispatchEvent(new Event("part-done"));
}

function following(part) {
  const text = part.dataset.practice && document.getElementById("doc-bai");
  if (text) return text;
  const left = [...document.querySelectorAll("[data-practice], [data-item]")].filter((other) => other !== part && !other.dataset.done);
  const after = left.find((other) => part.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  return after ?? left[0] ?? document.querySelector("[data-end]");
}

/** Bring a part to the top of the screen, and say its heading to those who listen. */
export function goTo(part) {
  if (!part.offsetParent) part = part.previousElementSibling; // the end waits, and what stands before it says why
  const heading = [...part.querySelectorAll("h2, h3")].find((node) => node.offsetParent) ?? part;
  heading.tabIndex = -1;
  part.scrollIntoView({ block: "start", behavior: "instant" });
  heading.focus({ preventScroll: true });
}

function wordsFor(next) {
  if (next.matches("[data-end]")) return ["Xem kết quả", "See the result"];
  if (next.id === "doc-bai") return ["Đọc bài", "Read the lesson"];
  return next.dataset.practice ? ["Tập làm", "Practise"] : ["Tiếp", "Next"];
}

/** The button that leads on from a part; none where nothing follows. */
export function onward(part, kind = "button") {
  const say = sayIn(part);
  const next = following(part);
  if (!next) return "";
  return button(kind, () => goTo(next), say(...wordsFor(next)));
}

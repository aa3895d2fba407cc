// What the checks of the site say about the text: each leads to its block.
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";

const LEVELS = { refusal: say("Phải sửa", "Must be mended"), warning: say("Nên xem lại", "Look again") };
const number = (value, digits) => value.toLocaleString(document.documentElement.lang === "en" ? "en" : "vi", { maximumFractionDigits: digits });

/** Fill `aside` with the answer of the site; `go(line)` shows a place. */
export function showFindings(aside, { findings, minutes, practice_share: share }, go) {
  if (!aside || !findings) return;
  const parts = [];
  if (minutes != null) parts.push(say(`Khoảng ${number(minutes, 1)} phút`, `About ${number(minutes, 1)} minutes`));
  if (share != null) parts.push(say(`thực hành ${number(share * 100, 0)} %`, `practice ${number(share * 100, 0)} %`));
  const rows = findings.map(({ level, what, line }) => {
    const words = [el("span", { class: "level" }, `${LEVELS[level] ?? LEVELS.warning}: `), what];
    const inside = line ? el("button", { type: "button", on: { click: () => go(line) } }, ...words, el("small", {}, say(`dòng ${line}`, `line ${line}`))) : el("p", {}, ...words);
    return el("li", { class: level }, drawn("warning"), inside);
  });
  const none = rows.length ? null : el("p", {}, say("Chưa thấy gì phải sửa.", "Nothing to mend."));
  const drawnParts = [parts.length ? el("p", { class: "measures" }, parts.join(" · ")) : null, rows.length ? el("ul", { class: "findings" }, ...rows) : none];
  const shown = JSON.stringify([findings, parts]);
  if (aside.dataset.shown === shown) return;
  aside.dataset.shown = shown;
  const head = aside.querySelector(":scope > h2, :scope > h3");
  aside.replaceChildren(...[head, ...drawnParts].filter(Boolean));
}

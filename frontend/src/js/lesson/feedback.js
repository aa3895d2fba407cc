// Right and wrong are told in shape, word and colour, and where it is wanted in sound.
import { el } from "../dom.js";
import { chime } from "./lazy.js";

const WORDS = {
  good: ["Đúng rồi.", "That is right."],
  bad: ["Chưa đúng.", "Not quite."],
  hint: ["Gợi ý.", "Hint."],
};

/** Fill the bar's live region. kind: good, bad, hint, or nothing to be silent. */
export function tell(line, say, kind, ...texts) {
  line.className = `feedback ${kind}`;
  line.replaceChildren();
  if (!kind) return;
  const [first, ...more] = texts;
  const word = say(...WORDS[kind]);
  const said = first.toLowerCase().startsWith(word.slice(0, 4).toLowerCase()); // the author's words say it themselves
  line.append(el("div", {}, el("p", {}, said ? "" : el("strong", {}, `${word} `), first), ...more.map((text) => el("p", {}, text))));
  line.scrollTop = 0;
  if (kind === "good") chime("right");
}

/** What was chosen, or would have been right, bears a sign and a word besides its colour; without a kind none. */
export function mark(node, kind, say, more = "") {
  node.querySelector(".mark")?.remove();
  node.classList.remove("right", "wrong");
  if (!kind) return;
  const words = kind === "right" ? say("✓ đúng", "✓ right") : say("✕ chưa đúng", "✕ not quite");
  node.classList.add(kind);
  node.append(el("span", { class: "mark" }, words + more));
}

/** Buttons of which one was chosen: those of no kind go, the others bear their mark. */
export function settle(choices, kindOf, say) {
  [...choices].forEach((choice, n) => {
    const kind = kindOf(choice, n);
    choice.disabled = true;
    choice.hidden = !kind;
    mark(choice, kind, say);
  });
}

// The same place changed by two: both are shown, whoever writes chooses or goes on writing, then it is saved.
import { button, el, say } from "../../dom.js";
import { common, merge, mergedText } from "../text/merge.js";

function wordsOf(by) {
  const who = by || say("người khác", "somebody else");
  return {
    heading: say(`Bạn và ${who} cùng sửa một chỗ`, `You and ${who} changed the same place`),
    mine: say("Chữ của bạn", "Yours"),
    theirs: say(`Chữ của ${who}`, `By ${who}`),
    keep: say("Giữ chữ của tôi", "Keep mine"),
    take: say(`Lấy chữ của ${who}`, `Take ${who}’s`),
  };
}

export class Conflict {
  /** `host` is filled; `text()` is what is written now. */
  constructor(host, text) {
    Object.assign(this, { host, text, given: null, panel: null });
  }

  /** `given`: base, theirs, by (or words of its own); `resolve(text)` gets what stands for both. */
  open(given, resolve) {
    Object.assign(this, { given: { words: wordsOf(given.by), ...given }, resolve, chosen: new Map() });
    this.draw();
  }

  /** Bring it before whoever writes; by itself it does not take the cursor out of the text. */
  show() {
    this.panel?.scrollIntoView({ block: "start" });
    this.panel?.focus({ preventScroll: true });
  }

  /** The text was changed meanwhile: what differs is counted anew. */
  changed() {
    if (this.given) this.draw();
  }

  close() {
    this.given = null;
    this.panel?.remove();
    this.panel = null;
  }

  draw() {
    const { base, theirs, words } = this.given;
    const parts = merge(base, this.text(), theirs);
    const differing = parts.filter((part) => !part.text);
    const save = () => {
      const text = mergedText(parts, (part) => this.chosen.get(nameOf(part)) ?? "mine");
      this.close();
      this.resolve(text);
    };
    if (!differing.length) return save();
    const rows = differing.map((part) => this.row(part, words));
    const hint = say("Bạn vẫn viết tiếp được trong bài. Chỗ nào chưa chọn thì giữ chữ đang có trong bài.", "You can go on writing. Where you choose nothing, what is in the lesson stays.");
    const panel = el("section", { class: "conflict", tabindex: "-1", "aria-label": words.heading }, el("h2", {}, words.heading), el("p", {}, hint), ...rows, el("p", { class: "actions" }, button("button", save, say("Lưu bản đã chọn", "Save what I chose"))));
    if (this.panel) this.panel.replaceWith(panel);
    else this.host.append(panel);
    this.panel = panel;
    return undefined;
  }

  row(part, words) {
    const key = nameOf(part);
    const side = (which, title, choice) => {
      const pressed = this.chosen.get(key) === which;
      const choose = () => {
        this.chosen.set(key, which);
        this.draw();
        [...this.panel.querySelectorAll("[data-choice]")].find((other) => other.dataset.choice === press.dataset.choice)?.focus();
      };
      const press = button("button quiet", choose, choice);
      press.setAttribute("aria-pressed", String(pressed));
      press.dataset.choice = `${key} ${which}`;
      return el("div", { class: pressed ? "side chosen" : "side" }, el("h3", {}, title), el("pre", { tabindex: "0" }, ...lit(part[which], part[which === "mine" ? "theirs" : "mine"])), press);
    };
    return el("div", { class: "sides" }, side("mine", words.mine, words.keep), side("theirs", words.theirs, words.take));
  }
}

/** A text with what is not in the other one lit. */
function lit(text, other) {
  if (!text.trim()) return [say("(đã xoá)", "(deleted)")];
  const [own, beside] = [text, other].map((one) => one.split(/(?<=\s)/));
  const kept = new Set(common(own, beside).map(([index]) => index));
  return own.map((word, index) => (kept.has(index) ? word : el("mark", {}, word)));
}

/** A place is known by what both wrote there: a choice holds while neither changes. */
const nameOf = ({ mine, theirs }) => `${mine}\u0000${theirs}`;

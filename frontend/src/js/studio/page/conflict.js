// The same place changed by two: both are shown, whoever writes chooses or goes on writing, then it is saved.
import { button, el, say } from "../../dom.js";
import { merge, mergedText } from "../text/merge.js";

export class Conflict {
  /** `host` is filled; `text()` is what is written now; `resolve(text)` saves what stands for both. */
  constructor(host, { text, resolve }) {
    Object.assign(this, { host, text, resolve, given: null });
  }

  open(given) {
    Object.assign(this, { given, chosen: new Map() });
    this.draw();
    this.panel.focus();
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
    const { base, theirs, by } = this.given;
    const parts = merge(base, this.text(), theirs);
    const differing = parts.filter((part) => !part.text);
    const who = by || say("người khác", "somebody else");
    const name = ({ mine, theirs: hers }) => `${mine}\u0000${hers}`;
    const save = () => {
      const text = mergedText(parts, (part) => this.chosen.get(name(part)) ?? "mine");
      this.close();
      this.resolve(text);
    };
    if (!differing.length) return save();
    const rows = differing.map((part) => this.row(part, name(part), who));
    const hint = say("Bạn vẫn viết tiếp được trong bài. Chỗ nào chưa chọn thì giữ chữ của bạn.", "You can go on writing. Where you choose nothing, yours stays.");
    const heading = el("h2", {}, say(`Bạn và ${who} cùng sửa một chỗ`, `You and ${who} changed the same place`));
    const panel = el("section", { class: "conflict", tabindex: "-1", role: "region", "aria-label": heading.textContent }, heading, el("p", {}, hint), ...rows, el("p", { class: "actions" }, button("button", save, say("Lưu bản đã chọn", "Save what I chose"))));
    if (this.panel) this.panel.replaceWith(panel);
    else this.host.append(panel);
    this.panel = panel;
    return undefined;
  }

  row(part, key, who) {
    const side = (which, title, words, choice) => {
      const pressed = (this.chosen.get(key) ?? "") === which;
      const choose = () => {
        this.chosen.set(key, which);
        this.draw();
        this.panel.querySelector(`[data-choice="${CSS.escape(key)} ${which}"]`)?.focus();
      };
      const press = button("button quiet", choose, choice);
      press.setAttribute("aria-pressed", String(pressed));
      press.dataset.choice = `${key} ${which}`;
      return el("div", { class: pressed ? "side chosen" : "side" }, el("h3", {}, title), el("pre", {}, words || say("(đã xoá)", "(deleted)")), press);
    };
    const mine = side("mine", say("Chữ của bạn", "Yours"), part.mine, say("Giữ chữ của tôi", "Keep mine"));
    const hers = side("theirs", say(`Chữ của ${who}`, `By ${who}`), part.theirs, say(`Lấy chữ của ${who}`, `Take ${who}’s`));
    return el("div", { class: "sides" }, mine, hers);
  }
}

// Something is made: written here, checked by the author's rules, ticked by oneself, laid beside an exemplar, taken along.
import { WELL, answer, arrive, ask, button, el, ending, icon, stage, take } from "./kit.js";
import { cellsOf, isBlank, isMet } from "./rules.js";

const SPARE = 1; // rows of a table beyond those that are asked for

class Making {
  constructor(section, data, done, place) {
    Object.assign(this, { data, done, place, parts: stage(section), ticked: [], text: "" }, place.step);
    this.say = this.parts.say;
    this.write();
  }

  get missing() {
    return this.data.rules.filter((rule) => !isMet(rule, this.text, this.data)).map((rule) => rule.say);
  }

  keep(text) {
    this.text = text.trim();
    this.place.keep({ text: this.text, ticked: this.ticked });
  }

  /** A changed text is neither ticked, nor has it all that is asked for, until it is looked at again. */
  changed(text) {
    this.ticked = [];
    this.keep(text);
    if (this.parts.line.matches(".good")) this.offer();
  }

  offer() {
    const { parts, say } = this;
    answer(parts, "", "");
    parts.actions.replaceChildren(button("button", () => this.check(), say("Kiểm tra", "Check")));
  }

  /** What was written goes from this device too; `then` shows so. */
  eraser(then) {
    const erase = () => {
      Object.assign(this, { text: "", ticked: [] });
      this.place.keep(null);
      then();
    };
    return button("button quiet", erase, this.say("Xoá bài", "Erase"));
  }

  write() {
    const { parts, say, data } = this;
    ask(parts, 0, 2, data.task);
    const facts = data.facts ? el("ul", { class: "facts" }, ...data.facts.map((fact) => el("li", {}, fact))) : null;
    const privacy = say("Chữ bạn viết chỉ ở trong máy này. Ai dùng chung máy có thể đọc; xong thì chép ra hoặc xoá.", "What you write is only on this device. Whoever shares it can read it; when you are done, copy it out or erase it.");
    const below = [el("p", { class: "waiting" }, privacy), this.eraser(() => this.edit())];
    parts.body.replaceChildren(...[facts, data.columns ? this.table() : this.area(), ...below].filter(Boolean));
    this.offer();
  }

  area() {
    const area = el("textarea", { class: "making", rows: 5, maxlength: 1500, "aria-labelledby": "task", on: { input: () => this.changed(area.value) } });
    area.value = this.text;
    return area;
  }

  /** A table to fill in; where a rule asks for a sum, its last row is the total. */
  table() {
    const { columns, rules } = this.data;
    const lines = this.text.split("\n").map(cellsOf);
    const total = rules.some((rule) => rule.sum) && this.say("Cộng", "Total");
    const count = Math.max(...rules.map((rule) => rule.rows ?? 1)) + SPARE;
    const sums = total && lines[lines.length - 1][0] === total ? lines.pop() : [];
    const cell = (name, row, at, words) => el("td", {}, el("input", { "aria-label": `${columns[at]}, ${name}`, inputmode: at ? "numeric" : null, value: words?.[at] ?? "", maxlength: 60, autocomplete: "off" }));
    const rows = Array.from({ length: count }, (_none, row) => el("tr", {}, ...columns.map((_column, at) => cell(this.say(`dòng ${row + 1}`, `row ${row + 1}`), row, at, lines[row]))));
    if (total) rows.push(el("tr", {}, el("th", { scope: "row" }, total), ...columns.slice(1).map((_column, n) => cell(total, count, n + 1, sums))));
    const read = () => {
      const written = rows.map((row) => [...row.children].map((part) => part.querySelector("input")?.value.replace(/\|/g, " ").trim() ?? total).join(" | "));
      const lines = written.filter((line, n) => (total && n === count) || /[^ |]/.test(line));
      this.changed(lines.join("") === `${total}${" | ".repeat(columns.length - 1)}` ? "" : lines.join("\n"));
    };
    const head = el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)));
    return el("table", { class: "making", "aria-labelledby": "task", on: { input: read } }, el("thead", {}, head), el("tbody", {}, ...rows));
  }

  check() {
    const { parts, say, data, missing } = this;
    const all = data.rules.length;
    const on = (kind, ...words) => button(kind, () => this.tick(), say(...words));
    if (missing.length) {
      answer(parts, "bad", say(`Chưa đủ: còn ${missing.length} trên ${all} điều.`, `Not yet all: ${missing.length} of ${all} left.`), ...missing.slice(0, 2));
      parts.actions.replaceChildren(button("button", () => this.check(), say("Kiểm tra lại", "Check again")), on("button quiet", "Để chưa đủ, đi tiếp", "Go on as it is"));
    } else {
      answer(parts, "good", say(`Bài có đủ cả ${all} điều cần có.`, `All ${all} things that are asked for are there.`));
      parts.actions.replaceChildren(on("button", "Tự chấm", "Judge it yourself"));
    }
    parts.actions.firstChild.focus({ preventScroll: true });
  }

  tick() {
    const { parts, say, data } = this;
    ask(parts, 1, 2, say("Đọc lại bài của bạn. Điều nào đúng thì đánh dấu.", "Read your own text again. Tick what is true of it."));
    answer(parts, "", "");
    const box = (line, n) => {
      const input = el("input", { type: "checkbox", checked: this.ticked.includes(n), on: { change: () => this.mark(n, input.checked) } });
      return el("label", { class: "option" }, input, el("span", {}, line));
    };
    parts.body.replaceChildren(this.shown(this.text), this.eraser(() => this.edit()), el("div", { role: "group", "aria-labelledby": "task" }, ...data.rubric.map(box)));
    parts.actions.replaceChildren(
      button("button", () => this.finish(), say("Xem bài mẫu", "See an exemplar")),
      button("button quiet", () => this.edit(), say("Sửa bài", "Change it")),
    );
    arrive(parts, parts.words);
  }

  mark(n, yes) {
    this.ticked = yes ? [...this.ticked, n] : this.ticked.filter((other) => other !== n);
    this.keep(this.text);
  }

  edit() {
    this.write();
    arrive(this.parts, this.parts.words);
  }

  /** A text as it stands, or a table's rows. */
  shown(text) {
    return el("blockquote", { class: "made" }, text || this.say("(chưa viết gì)", "(nothing written)"));
  }

  praise(good, all) {
    const { say } = this;
    if (good === all) return say(`Bài của bạn đủ cả ${all} điều.`, `Your work has all ${all} things.`);
    if (good / all >= WELL) return say(`Bài được ${good} trên ${all} điều, còn chưa đủ.`, `Your work has ${good} of ${all} things; not yet all.`);
    return say(`Bài mới được ${good} trên ${all} điều, chưa đủ. Ta viết thêm nhé.`, `Your work has only ${good} of ${all} things. Let us write on.`);
  }

  finish() {
    const { parts, say, data, text } = this;
    const ticked = isBlank(text) ? [] : this.ticked; // nothing is true of what is not there
    const missed = [...this.missing, ...data.rubric.filter((_line, n) => !ticked.includes(n))];
    const all = data.rules.length + data.rubric.length;
    const mine = this.shown(text);
    const status = el("span", { role: "status" });
    const copy = button("button quiet", () => this.copy(mine, status), icon("copy"), say("Sao chép bài của tôi", "Copy my text"));
    const erase = this.eraser(() => {
      mine.textContent = "";
      copy.remove();
      status.textContent = say("Đã xoá bài khỏi máy này.", "Your text is erased from this device.");
    });
    const part = (title, ...nodes) => el("div", {}, el("h4", {}, title), ...nodes);
    const both = el("div", { class: "beside" }, part(say("Bài của bạn", "Your text"), mine, copy, erase, status), part(say("Bài mẫu", "An exemplar"), this.shown(data.exemplar)));
    const own = { praise: this.praise(all - missed.length, all), again: ["Viết thêm", "Write on"], missed: ["Còn thiếu:", "Still missing:"], more: [both] };
    this.done(ending(parts, data, missed, all, () => this.edit(), "", own));
  }

  async copy(mine, status) {
    try {
      await navigator.clipboard.writeText(this.text);
      status.textContent = this.say("Đã chép. Hãy dán vào nơi cần gửi.", "Copied. Paste it where you need it.");
    } catch {
      getSelection().selectAllChildren(mine); // pages without TLS may not write to the clipboard
      status.textContent = this.say("Chữ đã được chọn: chạm Sao chép trên máy.", "The text is selected: choose Copy on your device.");
    }
  }
}

export default (kit, ...practice) => {
  take(kit);
  return new Making(...practice);
};

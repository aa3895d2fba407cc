// Something is made: written here, checked by the author's rules, ticked by oneself, laid beside an exemplar, taken along.
// The rules are those of hocvuso/library/source/making.py.
import { WELL, answer, arrive, ask, button, el, ending, icon, plain, stage, take } from "./kit.js";

const LOOKS = {
  "<year>": /\b(19|20)\d\d\b/,
  "<date>": /\b\d{1,2}( tháng |[/-])\d{1,2}|\b\d{1,2}\.\d{1,2}\.\d{2}/,
  "<link>": /[\w-]+(\.[\w-]+)*\.[a-z]{2,}/,
  "<number>": /\d/,
  "<phone>": /(\+84|\b0)([ .-]?[\dx]){8,10}/,
  "<code>": /(^|\D)\d{6}(\D|$)/,
  "<card>": /(\d[ .-]?){12,19}/,
  "<quote>": /["“][^"“”]+["”]/,
};
const SPARE = 1; // rows of a table beyond those that are asked for

const spaced = (text) => ` ${(text.normalize("NFC").toLowerCase().match(/\p{Nd}+|\p{L}+|%/gu) ?? []).join(" ")} `;
const number = (cell = "") => Number(cell.replace(/\D/g, ""));
const cellsOf = (line) => line.split("|").map((cell) => cell.trim());

function isSum(text, at) {
  const parts = text.split("\n").map((line) => number(cellsOf(line)[at]));
  const total = parts.pop();
  return total > 0 && parts.reduce((sum, part) => sum + part, 0) === total;
}

/** Whether a text is as a rule asks; what is forbidden is told apart by its marks (nhất, nhặt). */
function isMet(rule, text, { columns }) {
  const has = (entry, bare) => LOOKS[entry]?.test(text.normalize("NFC").toLowerCase()) ?? spaced(bare(text)).includes(spaced(bare(entry)));
  if (rule.must) return rule.must.some((entry) => has(entry, plain));
  if (rule.must_not) return !rule.must_not.some((entry) => has(entry, (words) => words));
  if (rule.rows) return text.split("\n").map(cellsOf).filter(([first, ...others]) => first && others.some(Boolean)).length >= rule.rows;
  if (rule.sum) return isSum(text, columns.indexOf(rule.sum));
  const count = (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length;
  return count >= (rule.words ?? 0) && count <= (rule.at_most ?? count);
}

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

  write() {
    const { parts, say, data } = this;
    ask(parts, 0, 2, data.task);
    answer(parts, "", "");
    const facts = data.facts ? el("ul", { class: "facts" }, ...data.facts.map((fact) => el("li", {}, fact))) : null;
    const privacy = say("Chữ bạn viết chỉ ở trong máy này, không gửi đi đâu.", "What you write stays on this device and is sent nowhere.");
    parts.body.replaceChildren(...[facts, data.columns ? this.table() : this.area(), el("p", { class: "waiting" }, privacy)].filter(Boolean));
    parts.actions.replaceChildren(button("button", () => this.check(), say("Kiểm tra", "Check")));
  }

  area() {
    const area = el("textarea", { class: "making", rows: 5, maxlength: 1500, "aria-labelledby": "task", on: { input: () => this.keep(area.value) } });
    area.value = this.text;
    return area;
  }

  /** A table to fill in; where a rule asks for a sum, its last row is the total. */
  table() {
    const { columns, rules } = this.data;
    const lines = this.text.split("\n").map(cellsOf);
    const total = rules.some((rule) => rule.sum) && this.say("Cộng", "Total");
    const count = Math.max(...rules.map((rule) => rule.rows ?? 1)) + SPARE;
    const sums = total && lines.at(-1)[0] === total ? lines.pop() : [];
    const cell = (name, row, at, words) => el("td", {}, el("input", { "aria-label": `${columns[at]}, ${name}`, inputmode: at ? "numeric" : null, value: words?.[at] ?? "", autocomplete: "off" }));
    const rows = Array.from({ length: count }, (_none, row) => el("tr", {}, ...columns.map((_column, at) => cell(this.say(`dòng ${row + 1}`, `row ${row + 1}`), row, at, lines[row]))));
    if (total) rows.push(el("tr", {}, el("th", { scope: "row" }, total), ...columns.slice(1).map((_column, n) => cell(total, count, n + 1, sums))));
    const read = () => {
      const written = rows.map((row) => [...row.children].map((part) => part.querySelector("input")?.value.trim() ?? total).join(" | "));
      this.keep(written.filter((line) => line.startsWith(total || "\n") || /[^ |]/.test(line)).join("\n"));
    };
    const head = el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)));
    return el("table", { class: "making", "aria-labelledby": "task", on: { input: read } }, el("thead", {}, head), el("tbody", {}, ...rows));
  }

  check() {
    const { parts, say, data, missing } = this;
    const all = data.rules.length;
    const on = (kind, ...words) => button(kind, () => this.tick(), say(...words));
    if (!missing.length) {
      answer(parts, "good", say(`Bài có đủ cả ${all} điều cần có.`, `All ${all} things that are asked for are there.`));
      parts.actions.replaceChildren(on("button", "Tự chấm", "Judge it yourself"));
      return parts.actions.firstChild.focus({ preventScroll: true });
    }
    answer(parts, "bad", say(`Chưa đủ: còn ${missing.length} trên ${all} điều.`, `Not yet all: ${missing.length} of ${all} left.`), ...missing.slice(0, 2));
    return parts.actions.replaceChildren(button("button", () => this.check(), say("Kiểm tra lại", "Check again")), on("button quiet", "Để chưa đủ, đi tiếp", "Go on as it is"));
  }

  tick() {
    const { parts, say, data } = this;
    ask(parts, 1, 2, say("Đọc lại bài của bạn. Điều nào đúng thì đánh dấu.", "Read your own text again. Tick what is true of it."));
    answer(parts, "", "");
    const box = (line, n) => {
      const input = el("input", { type: "checkbox", checked: this.ticked.includes(n), on: { change: () => this.mark(n, input.checked) } });
      return el("label", { class: "option" }, input, el("span", {}, line));
    };
    parts.body.replaceChildren(this.shown(this.text), el("div", { role: "group", "aria-labelledby": "task" }, ...data.rubric.map(box)));
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
    const missed = [...this.missing, ...data.rubric.filter((_line, n) => !this.ticked.includes(n))];
    const all = data.rules.length + data.rubric.length;
    const mine = this.shown(text);
    const status = el("span", { role: "status" });
    const copy = button("button quiet", () => this.copy(mine, status), icon("copy"), say("Sao chép bài của tôi", "Copy my text"));
    const part = (title, ...nodes) => el("div", {}, el("h4", {}, title), ...nodes);
    const both = el("div", { class: "beside" }, part(say("Bài của bạn", "Your text"), mine, copy, status), part(say("Bài mẫu", "An exemplar"), this.shown(data.exemplar)));
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

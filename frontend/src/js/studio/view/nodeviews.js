// How blocks look that are more than text: boxes, questions, practice, pictures, slide breaks, source.
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";
import { BOXES } from "../text/schema.js";
import { KINDS_OF_PRACTICE, NAMES } from "./blocks.js";
import { show } from "./drawing.js";

/** Set attributes of the node of a view. */
function change({ view, getPos }, attrs) {
  const { tr } = view.state;
  for (const [name, value] of Object.entries(attrs)) tr.setNodeAttribute(getPos(), name, value);
  view.dispatch(tr);
}

/** What stands in a block and is no text of the lesson: keys and clicks there are not the editor's. */
class Block {
  constructor(node, view, getPos) {
    Object.assign(this, { node, view, getPos });
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  draw() {}

  stopEvent(event) {
    return Boolean(event.target.closest?.("input, select, textarea, button"));
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM?.contains(mutation.target);
  }
}

class Box extends Block {
  constructor(...given) {
    super(...given);
    const options = BOXES.map((kind) => el("option", { value: kind }, NAMES[kind]));
    this.select = el("select", { "aria-label": say("Loại khung", "Kind of box"), on: { change: () => change(this, { kind: this.select.value }) } }, ...options);
    this.title = el("p", { class: "box-title", contenteditable: "false" });
    this.contentDOM = el("div", { class: "box-content" });
    this.dom = el("div", {}, this.title, this.contentDOM);
    this.draw();
  }

  draw() {
    const { kind } = this.node.attrs;
    this.dom.className = kind === "steps" ? "steps" : `box ${kind}`;
    this.title.replaceChildren(drawn(kind), this.select);
    this.select.value = kind;
  }
}

class Question extends Block {
  constructor(items, ...given) {
    super(...given);
    this.items = items;
    this.select = el("select", { "aria-label": say("Chọn câu hỏi", "Choose a question"), on: { change: () => change(this, { key: this.select.value }) } });
    this.stem = el("p", { class: "stem" });
    this.dom = el("div", { class: "part", contenteditable: "false" }, el("p", { class: "part-title" }, drawn("check"), say("Câu hỏi", "Question"), this.select), this.stem);
    this.draw();
  }

  draw() {
    const { key } = this.node.attrs;
    const checks = this.items.filter((item) => item.use === "check");
    const known = checks.find((item) => item.key === key);
    const options = checks.map((item) => el("option", { value: item.key }, item.key));
    if (!known) options.unshift(el("option", { value: key }, key));
    this.select.replaceChildren(...options);
    this.select.value = key;
    this.stem.textContent = known?.stem ?? say(`Bài chưa có câu hỏi “${key}” để hỏi trong bài.`, `The lesson has no check question “${key}” yet.`);
    this.dom.classList.toggle("wanting", !known);
  }
}

class Practice extends Block {
  constructor(practice, ...given) {
    super(...given);
    const kind = KINDS_OF_PRACTICE[practice?.kind];
    const name = [say("Phần thực hành", "Practice"), kind].filter(Boolean).join(" · ");
    const note = say("Trên trang, phần này luôn đứng đầu bài.", "On the page this always comes first.");
    this.dom = el("div", { class: "part", contenteditable: "false" }, el("p", { class: "part-title" }, drawn("practice"), name), practice?.title && el("p", { class: "stem" }, practice.title), el("p", { class: "part-note" }, note));
  }
}

/** Firefox lets no field grow with its text by itself. */
const GROWS = CSS.supports("field-sizing", "content");
function grow(...areas) {
  for (const area of areas) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }
}

class Picture extends Block {
  constructor(pictures, ...given) {
    super(...given);
    this.pictures = pictures;
    this.shown = el("div", { class: "shown" });
    this.alt = this.line("alt", say("Hình này cho thấy gì?", "What does this picture show?"), say("Lời mô tả hình", "Description of the picture"));
    this.title = this.line("title", say("Chú thích dưới hình (không bắt buộc)", "Caption (optional)"), say("Chú thích", "Caption"));
    this.dom = el("figure", { class: "figure", contenteditable: "false" }, this.shown, this.title, this.alt);
    this.draw();
  }

  /** An attribute in place: as long as its text, one line of source. */
  line(name, placeholder, label) {
    const write = ({ target }) => {
      const text = target.value.replace(/\s*\n\s*/g, " ");
      change(this, { [name]: name === "alt" ? text.replace(/[[\]\\]/g, (sign) => ({ "[": "(", "]": ")", "\\": "/" })[sign]) : text });
    };
    const leave = (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      this.view.focus();
    };
    return el("textarea", { class: name, rows: "1", placeholder, "aria-label": label, on: { input: write, keydown: leave } });
  }

  draw() {
    const { src, alt, title } = this.node.attrs;
    const written = { alt, title };
    for (const name of ["alt", "title"]) if (this[name].value.trim() !== written[name].trim() || document.activeElement !== this[name]) this[name].value = written[name];
    this.alt.classList.toggle("wanting", !alt.trim());
    if (!GROWS) requestAnimationFrame(() => grow(this.alt, this.title));
    if (this.src === src) return;
    this.src = src;
    show(this.shown, src, this.pictures[src]);
  }
}

class Slide extends Block {
  constructor(...given) {
    super(...given);
    this.dom = el("div", { class: "slide", contenteditable: "false" }, el("span", {}, drawn("slide"), say("ngắt trang chiếu", "slide break")));
  }
}

class Source extends Block {
  constructor(...given) {
    super(...given);
    const note = say("Chữ nguồn: giữ nguyên như bạn viết", "Source text: kept as you write it");
    this.contentDOM = el("code", { spellcheck: "false" });
    this.dom = el("div", { class: "source" }, el("p", { class: "part-note", contenteditable: "false" }, drawn("source"), note), el("pre", {}, this.contentDOM));
  }
}

/** The views of a lesson with these parts. */
export const nodeViews = ({ items, practice, pictures }) => ({
  box: (...given) => new Box(...given),
  question: (...given) => new Question(items, ...given),
  practice: (...given) => new Practice(practice, ...given),
  picture: (...given) => new Picture(pictures, ...given),
  slide: (...given) => new Slide(...given),
  source: (...given) => new Source(...given),
});

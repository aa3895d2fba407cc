// What a lesson may hold. A block that came from source text keeps it in `raw`, and the blank lines before it in `gap`:
// what was not changed is written as it stood. A holder of blocks keeps what stands before the first and after the last.
import { Schema } from "prosemirror-model";

/** Boxes of a lesson, by the name they have in the source. */
export const BOXES = ["steps", "example", "warning", "remember", "teacher"];

const own = { raw: { default: null }, gap: { default: null } };
const edges = { lead: { default: "" }, tail: { default: null } };
const whole = (node) => ({ "data-attrs": JSON.stringify(node.attrs) });
/** Attributes from a clipboard, which anybody may have filled: texts only, blank where they stand between blocks. */
const read = (dom) => {
  try {
    const given = Object.entries(JSON.parse(dom.dataset.attrs ?? "{}"));
    return Object.fromEntries(given.filter(([name, value]) => typeof value === "string" && (!["lead", "tail"].includes(name) || !value.trim())));
  } catch {
    return {};
  }
};

const headings = [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } }));
const first = (dom) => Number(dom.getAttribute("start") ?? 1) || 1;

const texts = {
  paragraph: { content: "inline*", group: "block flow", attrs: own, parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    content: "text*",
    group: "block flow",
    defining: true,
    attrs: { level: { default: 2 }, ...own },
    parseDOM: headings,
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },
  bullet_list: {
    content: "list_item+",
    group: "block flow",
    attrs: { tight: { default: true }, bullet: { default: "-" }, ...own },
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", 0],
  },
  ordered_list: {
    content: "list_item+",
    group: "block flow",
    attrs: { order: { default: 1 }, tight: { default: true }, bullet: { default: "." }, ...own },
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: first(dom) }) }],
    toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
  },
  list_item: { content: "paragraph flow*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  blockquote: {
    content: "flow+",
    group: "block flow",
    defining: true,
    attrs: own,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
};

const boxes = {
  box: {
    content: "flow+",
    group: "block",
    defining: true,
    isolating: true,
    attrs: { kind: { default: "example" }, ...edges, ...own },
    parseDOM: [{ tag: "div[data-box]", getAttrs: (dom) => BOXES.includes(read(dom).kind) && read(dom) }],
    toDOM: (node) => ["div", { "data-box": node.attrs.kind, ...whole(node) }, 0],
  },
  question: {
    group: "block",
    atom: true,
    draggable: true,
    attrs: { key: { default: "" }, ...own },
    parseDOM: [{ tag: "div[data-question]", getAttrs: read }],
    toDOM: (node) => ["div", { "data-question": node.attrs.key, ...whole(node) }],
  },
  practice: {
    group: "block",
    atom: true,
    draggable: true,
    attrs: own,
    parseDOM: [{ tag: "div[data-practice]", getAttrs: read }],
    toDOM: (node) => ["div", { "data-practice": "", ...whole(node) }],
  },
  picture: {
    group: "block",
    atom: true,
    draggable: true,
    attrs: { src: { default: "" }, alt: { default: "" }, title: { default: "" }, ...own },
    parseDOM: [{ tag: "figure[data-picture]", getAttrs: read }],
    toDOM: (node) => ["figure", { "data-picture": node.attrs.src, ...whole(node) }],
  },
  slide: { group: "block", atom: true, draggable: true, attrs: own, parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  // What this schema cannot hold: its source text, never read, never altered.
  source: {
    content: "text*",
    group: "block",
    marks: "",
    code: true,
    isolating: true,
    attrs: own,
    parseDOM: [{ tag: "pre[data-source]", preserveWhitespace: "full" }],
    toDOM: () => ["pre", { "data-source": "" }, 0],
  },
};

export const schema = new Schema({
  nodes: {
    doc: { content: "block+", attrs: edges },
    ...texts,
    ...boxes,
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    text: { group: "inline" },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: "" } },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => /^(https?|tel):/i.test(dom.getAttribute("href")) && { href: dom.getAttribute("href"), title: dom.title } }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title || null, rel: "noopener" }, 0],
    },
    strong: {
      parseDOM: [
        { tag: "strong" },
        { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null },
        { style: "font-weight=400", clearMark: (mark) => mark.type.name === "strong" },
        { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[5-9]\d{2})$/.test(value) && null },
      ],
      toDOM: () => ["strong", 0],
    },
    em: {
      parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }, { style: "font-style=normal", clearMark: (mark) => mark.type.name === "em" }],
      toDOM: () => ["em", 0],
    },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", { spellcheck: "false" }, 0] },
  },
});

// Source text -> document. Every block keeps its own lines; what the schema cannot hold becomes a `source` block.
import MarkdownIt from "markdown-it";
import container from "markdown-it-container";
import { Fragment } from "prosemirror-model";
import { fingerprint } from "./fingerprint.js";
import { BOXES, schema } from "./schema.js";

const { nodes, marks } = schema;
const md = new MarkdownIt("commonmark", { html: false });
container(md, "named", { validate: (info) => info.trim() !== "" });

const CLOSING = /^ {0,3}:{3,}[ \t]*$/;
const HTML = /^\s*<(?:[a-zA-Z][\w-]*(?:\s[^>]*|\/)?>|\/[a-zA-Z]|!|\?)/;

/** What the schema has no place for. */
class Unheld extends Error {}

/** What each slice of source was read as: raw -> fingerprint. A text that is read again overwrites it. */
const readings = new Map();

/** The fingerprint of what this slice of source says. */
export function readingOf(raw) {
  if (!readings.has(raw)) parse(raw);
  return readings.get(raw);
}

/** The document of a lesson's text. `keep`: whether what its slices say is remembered; not of a mere trial. */
export function parse(text, keep = true) {
  const { lead, blocks, tail } = holder(text, { keep }, true);
  return nodes.doc.create({ lead, tail }, blocks.length ? blocks : [nodes.paragraph.create()]);
}

/** Blocks of a text with what stands around them: {lead, blocks, tail}. */
function holder(text, env, top) {
  const lines = text.split("\n");
  const slices = slicesOf(md.parse(text, env), lines);
  const blocks = [];
  let lead = "";
  let at = 0;
  for (const slice of slices) {
    const from = offset(lines, slice.start);
    const raw = lines.slice(slice.start, slice.end).join("\n");
    const gap = text.slice(at, from);
    if (!blocks.length) lead = gap;
    blocks.push(block(slice, raw, blocks.length ? gap : null, env, top));
    at = from + raw.length;
  }
  return { lead, blocks, tail: text.slice(at) };
}

const offset = (lines, number) => lines.slice(0, number).reduce((sum, line) => sum + line.length + 1, 0);
const blank = (line) => line.trim() === "";

/** Where each top-level block starts and ends, none overlapping, together all lines that are not blank. */
export function slicesOf(tokens, lines) {
  const slices = [];
  let at = 0;
  for (const group of groups(tokens)) {
    const [start, bottom] = group[0].map;
    let end = bottom;
    if (group[0].type === "container_named_open" && CLOSING.test(lines[end] ?? "")) end += 1;
    loose(slices, lines, at, start);
    while (end > start + 1 && blank(lines[end - 1])) end -= 1;
    slices.push({ start, end, tokens: group });
    at = end;
  }
  loose(slices, lines, at, lines.length);
  return slices;
}

/** Lines that no block claims (definitions of links): a slice each run. */
function loose(slices, lines, from, to) {
  for (let start = from; start < to; start++) {
    if (blank(lines[start])) continue;
    let end = start + 1;
    while (end < to && !blank(lines[end])) end += 1;
    slices.push({ start, end, tokens: [] });
    start = end;
  }
}

/** The tokens of each top-level block. */
function groups(tokens) {
  const found = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) found.push([]);
    found.at(-1).push(token);
    depth += token.nesting;
  }
  return found;
}

/** The slices of a text as strings: what it falls into when it is read. */
export function rawsOf(text) {
  const lines = text.split("\n");
  return slicesOf(md.parse(text, {}), lines).map(({ start, end }) => lines.slice(start, end).join("\n"));
}

function block(slice, raw, gap, env, top) {
  let node;
  try {
    node = held(slice, raw, env, top);
    node.check();
  } catch (error) {
    if (!(error instanceof Unheld) && !(error instanceof RangeError)) throw error;
    if (!top) throw new Unheld();
    node = nodes.source.create(null, schema.text(raw));
  }
  if (env.keep) readings.set(raw, fingerprint(node));
  return node.type.create({ ...node.attrs, raw, gap }, node.content);
}

function held({ tokens }, raw, env, top) {
  const [first] = tokens;
  if (!first || /^\s*:::/.test(raw) !== (first.type === "container_named_open") || HTML.test(raw)) throw new Unheld();
  if (first.type === "hr" && top) return nodes.slide.create();
  if (first.type === "container_named_open" && top) return named(raw, env);
  const inline = tokens.find((token) => token.type === "inline");
  if (first.type === "paragraph_open" && inline.children.length === 1 && inline.children[0].type === "image" && top) return picture(inline.children[0]);
  const [node, next] = flow(tokens, 0);
  if (next !== tokens.length) throw new Unheld();
  return node;
}

function named(raw, env) {
  const lines = raw.split("\n");
  const [kind, ...rest] = lines[0].trim().replace(/^:+/, "").trim().split(/\s+/);
  if (lines.length < 2 || !CLOSING.test(lines.at(-1))) throw new Unheld();
  const inner = lines.slice(1, -1).join("\n");
  if (kind === "question" && rest.length === 1 && blank(inner)) return nodes.question.create({ key: rest[0] });
  if (kind === "practice" && !rest.length && blank(inner)) return nodes.practice.create();
  if (!BOXES.includes(kind) || rest.length) throw new Unheld();
  const { lead, blocks, tail } = holder(inner, env, false);
  return nodes.box.create({ kind, lead, tail }, blocks.length ? blocks : [nodes.paragraph.create()]);
}

function picture(image) {
  let src = image.attrGet("src");
  try {
    src = decodeURIComponent(src);
  } catch {
    // not an address that was encoded: as it stands
  }
  return nodes.picture.create({ src, alt: image.content.trim(), title: image.attrGet("title") ?? "" });
}

/** One block of text from its tokens: [node, index after it]. */
function flow(tokens, at) {
  const token = tokens[at];
  switch (token.type) {
    case "paragraph_open":
      return [nodes.paragraph.create(null, spans(tokens[at + 1])), at + 3];
    case "heading_open":
      return [nodes.heading.create({ level: Number(token.tag[1]) }, spans(tokens[at + 1])), at + 3];
    case "blockquote_open":
      return within(tokens, at, "blockquote_close", (inside) => nodes.blockquote.create(null, inside.length ? inside : [nodes.paragraph.create()]));
    case "bullet_list_open":
      return within(tokens, at, "bullet_list_close", (inside) => nodes.bullet_list.create({ tight: tight(tokens, at), bullet: token.markup }, inside));
    case "ordered_list_open": {
      const order = Number(token.attrGet("start") ?? 1);
      return within(tokens, at, "ordered_list_close", (inside) => nodes.ordered_list.create({ order, tight: tight(tokens, at), bullet: token.markup }, inside));
    }
    case "list_item_open":
      return within(tokens, at, "list_item_close", (inside) => nodes.list_item.create(null, opened(inside)));
  }
  throw new Unheld();
}

function within(tokens, at, closing, make) {
  const inside = [];
  let next = at + 1;
  while (tokens[next].type !== closing) {
    const [node, after] = flow(tokens, next);
    inside.push(node);
    next = after;
  }
  return [make(inside), next + 1];
}

/** An item of a list begins with a paragraph, be it an empty one. */
const opened = (inside) => (inside[0]?.type === nodes.paragraph ? inside : [nodes.paragraph.create(), ...inside]);

function tight(tokens, at) {
  const level = tokens[at].level;
  const own = tokens.slice(at + 1);
  const end = own.findIndex((token) => token.level === level);
  return !own.slice(0, end).some((token) => token.type === "paragraph_open" && token.level === level + 2 && !token.hidden);
}

const MARKS = { strong: "strong", em: "em", link: "link" };

/** The inline content of a block. */
function spans(inline) {
  const out = [];
  let active = [];
  const add = (text, more = []) => text && out.push(schema.text(text, [...more, ...active].reduce((set, mark) => mark.addToSet(set), [])));
  for (const token of inline.children) {
    const [name, way] = token.type.split("_");
    if (token.type === "text") add(token.content);
    else if (token.type === "softbreak") add(" ");
    else if (token.type === "hardbreak") out.push(nodes.hard_break.create());
    else if (token.type === "code_inline") add(token.content, [marks.code.create()]);
    else if (MARKS[name] && way === "open") active = [...active, mark(name, token)];
    else if (MARKS[name] && way === "close") active = active.slice(0, -1);
    else throw new Unheld();
  }
  return Fragment.fromArray(joined(out));
}

function mark(name, token) {
  if (name !== "link") return marks[name].create();
  return marks.link.create({ href: token.attrGet("href"), title: token.attrGet("title") ?? "" });
}

/** Neighbours of the same marks are one text. */
function joined(spans) {
  const out = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last?.isText && span.isText && last.sameMarkup(span)) out[out.length - 1] = last.withText(last.text + span.text);
    else out.push(span);
  }
  return out;
}

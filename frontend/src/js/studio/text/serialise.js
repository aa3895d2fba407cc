// Document -> source text. A block that says what its own slice of source said is written as that slice; only what is
// changed or new is written anew. What is written is read again: it must fall into the same blocks.
import { fingerprint } from "./fingerprint.js";
import { inline, quoted } from "./inline.js";
import { parse, rawsOf, readingOf } from "./parse.js";
import { schema } from "./schema.js";

const CARES = [0, 1, 2, 3, 4];
const APART = "\n\n";
const NOTHING = fingerprint(schema.nodes.paragraph.create());

/** The source text of a lesson. */
export const serialise = (doc) => holder(doc, "\n").text;

/** A holder's text, and its pieces with the line each begins on: {text, pieces: [{node, index, text, line}]}. */
export function holder(node, tail) {
  const pieces = [];
  node.forEach((child, _, index) => {
    if (!silent(child)) pieces.push({ node: child, index, step: 0 });
  });
  const end = node.attrs.tail ?? (pieces.length ? tail : "");
  for (let round = 0; ; round++) {
    write(pieces);
    const wrong = round < 4 * pieces.length ? misread(pieces) : [];
    const next = wrong.find((piece) => piece.step < 2);
    if (!next) return placed(pieces, node.attrs.lead, end);
    next.step += 1;
  }
}

/** A paragraph without words is not written. */
const silent = (node) => fingerprint(node) === NOTHING;

/** Steps of a piece: 0 its own slice and gap, 1 an empty line before it, 2 written anew whatever its slice said. */
function write(pieces) {
  pieces.forEach((piece, index) => {
    const { raw, gap } = piece.node.attrs;
    const own = raw != null && piece.step < 2 && readingOf(raw) === fingerprint(piece.node);
    piece.text = own ? raw : anew(piece.node, markerOf(pieces[index - 1]));
    piece.gap = index === 0 ? "" : piece.step < 1 && gap && !gap.trim() ? gap : APART;
  });
}

/** The pieces that may be to blame, likeliest first, where one would not be read as what it is; none when all are. */
function misread(pieces) {
  const read = rawsOf(pieces.map((piece) => piece.gap + piece.text).join(""));
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const wanted = piece.node.type.name === "source" ? rawsOf(piece.text) : [piece.text];
    for (const raw of wanted) {
      const found = read[at++];
      if (found === raw) continue;
      const [before, after] = [pieces[index - 1], pieces[index + 1]];
      return (found?.startsWith(raw) ? [after, piece, before] : [piece, before, after]).filter(Boolean);
    }
  }
  return [];
}

function placed(pieces, lead, tail) {
  let text = lead;
  for (const piece of pieces) {
    text += piece.gap;
    piece.line = text.split("\n").length;
    text += piece.text;
  }
  return { text: text + tail, pieces };
}

const lists = { bullet_list: ["-", "*"], ordered_list: [".", ")"] };

/** How the list of this piece is marked, if it is one. */
function markerOf(piece) {
  if (!piece || !(piece.node.type.name in lists)) return null;
  return { type: piece.node.type.name, bullet: piece.text.match(/^\s*(?:\d+)?([-*+.)])/)?.[1] };
}

/** A block written anew: with as few escapes as it can be read back with. */
function anew(node, before) {
  const wanted = fingerprint(node);
  let text = "";
  for (const care of CARES) {
    text = blockText(node, care, before);
    const read = parse(text, false);
    if (read.childCount === 1 && fingerprint(read.firstChild) === wanted) break;
  }
  return text;
}

function blockText(node, care, before) {
  switch (node.type.name) {
    case "paragraph":
      return inline(node, care);
    case "heading":
      return headingText(node, care);
    case "bullet_list":
    case "ordered_list":
      return listText(node, care, before);
    case "blockquote":
      return indented(blocksText(node, care, APART), "> ", "> ").replace(/^> $/gm, ">");
    case "box": {
      const inner = holder(node, "").text;
      return `::: ${node.attrs.kind}\n${inner ? `${inner}\n` : ""}:::`;
    }
    case "question":
      return `::: question ${node.attrs.key}\n:::`;
    case "practice":
      return "::: practice\n:::";
    case "picture":
      return pictureText(node.attrs);
    case "slide":
      return "---";
  }
  return node.textContent;
}

function headingText(node, care) {
  const words = inline(node, care);
  const closed = care > 0 ? words.replace(/(?<![\\#])#+$/, "\\$&") : words;
  return `${"#".repeat(node.attrs.level)} ${closed}`.trimEnd();
}

function listText(node, care, before) {
  const ordered = node.type.name === "ordered_list";
  const taken = before?.type === node.type.name ? before.bullet : null;
  const bullet = node.attrs.bullet !== taken ? node.attrs.bullet : lists[node.type.name].find((sign) => sign !== taken);
  const close = node.attrs.tight && node.content.content.every(isClose);
  const items = node.content.content.map((item, index) => {
    const sign = ordered ? `${node.attrs.order + index}${bullet}` : bullet;
    const text = blocksText(item, care, close ? "\n" : APART);
    return indented(text, text.startsWith("\n") ? sign : `${sign} `, " ".repeat(sign.length + 1)).trimEnd();
  });
  return items.join(close ? "\n" : APART);
}

/** An item whose parts need no empty line between them. */
function isClose(item) {
  const parts = item.content.content.slice(1);
  const full = (list) => !silent(list.firstChild.firstChild);
  return parts.every((part, at) => (part.type.name === "bullet_list" || part.attrs.order === 1) && full(part) && part.type !== parts[at - 1]?.type);
}

/** The blocks within an item or a quotation; an item that begins with another block than a paragraph has it a line below. */
function blocksText(node, care, apart) {
  const written = [];
  node.forEach((child) => {
    if (!silent(child)) written.push({ node: child, text: blockText(child, care, markerOf(written.at(-1))) });
  });
  const text = written.map((piece) => piece.text).join(apart);
  return node.type.name === "list_item" && written.length && written[0].node.type.name !== "paragraph" ? `\n${text}` : text;
}

const indented = (text, first, rest) =>
  text
    .split("\n")
    .map((line, index) => (index === 0 ? first + line : line ? rest + line : rest.trimEnd()))
    .join("\n");

function pictureText({ src, alt, title }) {
  const name = /^[^\s<>()\\]+$/.test(src) ? src : `<${src.replace(/[<>\n\\]/g, "")}>`;
  return `![${alt}](${name}${title ? ` "${quoted(title)}"` : ""})`;
}

/** The place of a source line: indices of the block, and of the block within its box: [2] or [2, 1]. */
export function placeOfLine(doc, line) {
  const { pieces } = holder(doc, "\n");
  const piece = pieces.findLast((one) => one.line <= line) ?? pieces[0];
  if (!piece) return [0];
  if (piece.node.type.name !== "box") return [piece.index];
  const inner = holder(piece.node, "").pieces.findLast((one) => one.line + piece.line <= line);
  return inner ? [piece.index, inner.index] : [piece.index];
}

// Inline content -> Markdown. `care` says how much is escaped: 0 nothing, 1 what would begin another block,
// 2 every sign that Markdown reads, 3 also letters that keep a sign from closing, 4 with signs that cannot run together.

const DELIMITERS = { strong: "**", em: "*" };
const UNLIKE = { strong: "**", em: "_" };
const word = (letter) => letter != null && /[\p{L}\p{N}]/u.test(letter);
const same = (a, b) => a.eq(b);

/** The Markdown of a text block's content. */
export function inline(block, care) {
  const lines = [[]];
  block.forEach((child) => (child.isText ? lines.at(-1).push(child) : lines.push([])));
  const written = lines.map((line) => {
    const all = pieces(line);
    return opening(spans(all, care), all[0]?.marks.length ? 0 : care);
  });
  return written.join("\\\n").replace(/^(\\\n)+|(\\\n)+$/g, "");
}

/** Words and spaces of a line; a space bears a mark only where both its neighbours do. */
function pieces(line) {
  const all = line.flatMap((child) => {
    const code = child.marks.some((mark) => mark.type.name === "code");
    const texts = code ? [child.text] : (child.text.match(/\s+|\S+/g) ?? []);
    return texts.map((text) => ({ text: text.replace(/\n/g, " "), marks: child.marks, space: !code && /^\s/.test(text) }));
  });
  const near = (index, step) => {
    let at = index + step;
    while (all[at]?.space) at += step;
    return all[at]?.marks ?? [];
  };
  const settled = all.map((piece, index) => {
    if (!piece.space) return piece;
    const [before, after] = [near(index, -1), near(index, 1)];
    const marks = before.filter((mark) => mark.type.name !== "code" && after.some((other) => same(mark, other)));
    return { ...piece, marks };
  });
  return trimmed(settled);
}

function trimmed(all) {
  const from = all.findIndex((piece) => !piece.space);
  let to = all.length;
  while (to > 0 && all[to - 1].space) to -= 1;
  return from < 0 ? [] : all.slice(from, to);
}

/** Pieces with their marks opened and closed. */
function spans(all, care) {
  const signs = care < 4 ? DELIMITERS : UNLIKE;
  let out = "";
  let open = [];
  all.forEach((piece, index) => {
    const wanted = piece.marks.filter((mark) => mark.type.name !== "code");
    const keep = kept(open, wanted);
    out += closing(open.slice(keep.length), signs);
    const fresh = wanted.filter((mark) => !keep.some((other) => same(mark, other)));
    fresh.sort((a, b) => lasting(all, index, b) - lasting(all, index, a));
    out += fresh.map((mark) => signs[mark.type.name] ?? "[").join("");
    open = [...keep, ...fresh];
    out += content(piece, care, edges(all, index));
  });
  return out + closing(open, signs);
}

/** Of what is open, from outside in, what goes on. */
function kept(open, wanted) {
  const end = open.findIndex((mark) => !wanted.some((other) => same(mark, other)));
  return end < 0 ? open : open.slice(0, end);
}

function lasting(all, index, mark) {
  let end = index;
  while (all[end]?.marks.some((other) => same(mark, other))) end += 1;
  return end;
}

const closing = (marks, signs) =>
  [...marks]
    .reverse()
    .map((mark) => signs[mark.type.name] ?? `](${address(mark.attrs)})`)
    .join("");

function address({ href, title }) {
  const plain = /^[^\s<>()\\]+$/.test(href) ? href : `<${href.replace(/[<>\\]/g, encodeURIComponent).replace(/\s/g, "%20")}>`;
  return title ? `${plain} "${quoted(title)}"` : plain;
}

/** A text for between two quotation marks. */
export const quoted = (text) => text.replace(/\s*\n\s*/g, " ").replace(/["\\&]/g, "\\$&");

/** Whether marks begin or end at either side of a piece. */
function edges(all, index) {
  const marks = (piece) => (piece?.marks ?? []).filter((mark) => mark.type.name !== "code");
  const differ = (a, b) => a.length !== b.length || a.some((mark) => !b.some((other) => same(mark, other)));
  const own = marks(all[index]);
  return { before: differ(marks(all[index - 1]), own), after: differ(own, marks(all[index + 1])) };
}

function content({ text, marks }, care, edge) {
  if (marks.some((mark) => mark.type.name === "code")) return fenced(text);
  if (care > 1 && edge.after && text.endsWith("!")) return `${content({ text: text.slice(0, -1), marks }, care, edge)}\\!`;
  if (care < 3) return escaped(text, care);
  const letters = [...text];
  const first = edge.before && word(letters[0]) ? entity(letters.shift()) : "";
  const last = edge.after && word(letters.at(-1)) ? entity(letters.pop()) : "";
  return first + escaped(letters.join(""), care) + last;
}

const entity = (letter) => `&#${letter.codePointAt(0)};`;
const escaped = (text, care) => (care < 2 ? text : text.replace(/[\\`*_[\]<>&]/g, "\\$&"));

function fenced(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^`|`$|^ .*[^ ].* $/.test(text) ? " " : "";
  return fence + pad + text + pad + fence;
}

/** What would make a line that begins with bare text begin another block is escaped. */
function opening(line, care) {
  if (care < 1) return line;
  return line.replace(/^(\d{1,9})([.)])/, "$1\\$2").replace(/^[#>+\-=:~*<|]/, "\\$&");
}

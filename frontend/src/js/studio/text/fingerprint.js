// What a block says, as a string: two blocks with the same one read the same. Where it came from, how its list is
// marked, and spaces that Markdown does not keep do not count.

const known = new WeakMap();
const APART = new Set(["raw", "gap", "lead", "tail", "tight", "bullet"]);

/** The fingerprint of a node. */
export function fingerprint(node) {
  if (!known.has(node)) known.set(node, JSON.stringify(said(node)));
  return known.get(node);
}

function said(node) {
  const attrs = Object.entries(node.attrs).filter(([name]) => !APART.has(name));
  if (node.type.name === "source") return ["source", node.textContent];
  return [node.type.name, ...attrs.flat(), node.isTextblock ? letters(node) : children(node)];
}

/** An empty paragraph says nothing, but where an item of a list has to begin with one. */
function children(node) {
  const list = node.content.content.map(said);
  const empty = (one) => one?.[0] === "paragraph" && one[1] === "";
  const full = list.filter((one) => !empty(one));
  return node.type.name === "list_item" && full[0]?.[0] !== "paragraph" ? [["paragraph", ""], ...full] : full;
}

/** Text with its marks; spaces bear none (but in code), none stand at the ends of a line. */
function letters(block) {
  const runs = [];
  block.forEach((child) => {
    if (!child.isText) return runs.push(["\n", ""]);
    const code = child.marks.some((mark) => mark.type.name === "code");
    for (const piece of child.text.match(/\s+|\S+/g) ?? []) {
      const marks = /\S/.test(piece) || code ? child.marks.map((mark) => mark.type.name + Object.values(mark.attrs).join(" ")).join() : "";
      const text = code ? piece : piece.replace(/\n/g, " ");
      if (runs.at(-1)?.[1] === marks) runs.at(-1)[0] += text;
      else runs.push([text, marks]);
    }
  });
  return trimmed(runs);
}

function trimmed(runs) {
  const out = [];
  for (const [text, marks] of runs) out.push(marks === "" ? text : `‹${marks}|${text}›`);
  const inside = out.join("");
  return inside.split("\n").map((line) => line.trim()).join("\n").replace(/^\n+|\n+$/g, "");
}

// The bodies of all lessons in the repository, and documents made by chance from a seed.
import { readdirSync, readFileSync } from "node:fs";
import { schema } from "../../src/js/studio/text/schema.js";

const content = new URL("../../../content/", import.meta.url);

export const bodies = readdirSync(content, { recursive: true })
  .filter((name) => name.endsWith("/lesson.md"))
  .sort()
  .map((name) => [name, readFileSync(new URL(name, content), "utf8").replace(/^---\n[\s\S]*?\n---\n/, "")]);

/** Numbers by chance, the same for the same seed. */
export function chance(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n) => Math.floor(next() * n);
  return { upTo, one: (list) => list[upTo(list.length)], many: (n, make) => Array.from({ length: 1 + upTo(n) }, make) };
}

// What Markdown could take for something else.
const PIECES = [
  "Chạm", "nút đỏ", " ", " ", " ", ". ", ", ", ":", "1.", "2) ", "- ", "* ", "+", "# ", "## a", "> ", "---", "===", ":::", "::: steps", "::: lạ", "*", "**", "_", "`", "``",
  "[a](b)", "![a](b.svg)", "[", "]", "(", ")", "<b>", "<https://a.example>", "&amp;", "&", "\\", "\\*", "~", "|", "!", '"', "5 * 3", "a_b_c", "100 %", "ế", "😀", "#", "    mã",
];
const { nodes, marks } = schema;
const MARKS = [marks.strong.create(), marks.em.create(), marks.code.create(), marks.link.create({ href: "https://a.example/x" })];

const words = (luck) => luck.many(5, () => luck.one(PIECES)).join("");

function inline(luck, breaks) {
  return luck.many(4, () => {
    if (breaks && luck.upTo(12) === 0) return nodes.hard_break.create();
    const some = luck.upTo(3) ? [] : MARKS.filter(() => luck.upTo(3) === 0);
    return schema.text(words(luck), some.reduce((set, mark) => mark.addToSet(set), []));
  });
}

function flow(luck, depth) {
  const kind = luck.one(depth > 2 ? ["p", "p", "h"] : ["p", "p", "p", "h", "ul", "ol", "q"]);
  const inside = () => luck.many(2, () => flow(luck, depth + 1));
  const items = () => luck.many(3, () => nodes.list_item.create(null, [paragraph(luck), ...(luck.upTo(4) ? [] : inside())]));
  if (kind === "h") return nodes.heading.create({ level: 2 + luck.upTo(2) }, schema.text(words(luck)));
  if (kind === "ul") return nodes.bullet_list.create({ tight: luck.upTo(2) === 0 }, items());
  if (kind === "ol") return nodes.ordered_list.create({ order: luck.one([1, 1, 3]), tight: luck.upTo(2) === 0 }, items());
  return kind === "q" ? nodes.blockquote.create(null, inside()) : paragraph(luck);
}

const paragraph = (luck) => nodes.paragraph.create(null, inline(luck, true));

export function block(luck) {
  const flows = () => luck.many(3, () => flow(luck, 1));
  switch (luck.upTo(8)) {
    case 0:
      return nodes.box.create({ kind: luck.one(["steps", "example", "warning", "remember", "teacher"]) }, flows());
    case 1:
      return nodes.question.create({ key: luck.one(["c1", "c2"]) });
    case 2:
      return nodes.practice.create();
    case 3:
      return nodes.slide.create();
    case 4:
      return nodes.picture.create({ src: luck.one(["a.svg", "hình một.png", "b(1).jpg"]), alt: luck.one(["", "Bảng & nút", "ế"]), title: luck.one(["", 'Nói "chào"', "a \\ b & c", "&amp;"]) });
  }
  return flow(luck, 0);
}

export const document = (luck) => nodes.doc.create(null, luck.many(6, () => block(luck)));

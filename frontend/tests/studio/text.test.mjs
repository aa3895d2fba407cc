// A lesson's text becomes blocks and is text again: not a byte changes but in the block that was changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Transform, canSplit, joinPoint } from "prosemirror-transform";
import { fingerprint } from "../../src/js/studio/text/fingerprint.js";
import { parse, rawsOf } from "../../src/js/studio/text/parse.js";
import { schema } from "../../src/js/studio/text/schema.js";
import { placeOfLine, serialise } from "../../src/js/studio/text/serialise.js";
import { block, bodies, chance, document } from "./lessons.mjs";

const { nodes } = schema;
const says = (text) => assert.equal(serialise(parse(text)), text);
const kinds = (text) => parse(text).content.content.map((node) => node.type.name);
const bare = (node) => (node.isText ? node : node.type.create({ ...node.attrs, raw: null, gap: null }, node.content.content.map(bare)));

/** What is written is read as the same, and written the same again. */
function stable(doc, name) {
  const text = serialise(doc);
  const again = parse(text);
  again.check();
  assert.ok(fingerprint(again) === fingerprint(doc), `${name}: read as another text\n${text}`);
  assert.ok(serialise(again) === text, `${name}: written otherwise\n${text}`);
}

test("every lesson is written back byte for byte", () => {
  assert.ok(bodies.length > 50);
  for (const [name, body] of bodies) assert.equal(serialise(parse(body)), body, name);
});

test("every block of every lesson is understood", () => {
  for (const [name, body] of bodies) assert.ok(!kinds(body).includes("source"), name);
});

test("what the lessons have is written anew as their authors wrote it", () => {
  for (const [name, body] of bodies) assert.equal(serialise(bare(parse(body))), body, name);
});

test("a change of one block changes the bytes of that block only", () => {
  for (const [name, body] of bodies) {
    const doc = parse(body);
    doc.forEach((node, offset, index) => {
      if (!node.textContent) return;
      let at;
      node.descendants((inner, pos) => {
        if (inner.isText) at ??= offset + 1 + pos;
      });
      const changed = serialise(new Transform(doc).insert(at, schema.text("Thêm")).doc);
      const [before, after] = [rawsOf(body), rawsOf(changed)];
      assert.equal(after.length, before.length, name);
      for (const other of before.keys()) assert.equal(after[other] === before[other], other !== index, `${name}: ${other}`);
      const raw = before[index];
      const from = body.indexOf(raw);
      assert.ok(changed.startsWith(body.slice(0, from)) && changed.endsWith(body.slice(from + raw.length)), `${name}: ${raw}`);
    });
  }
});

test("what was changed and changed back is as it stood", () => {
  const text = "*  Một\n*  Hai\n\nChữ\ntrên hai dòng.\n";
  const doc = parse(text);
  const changed = new Transform(doc).insert(4, schema.text("x"));
  assert.notEqual(serialise(changed.doc), text);
  assert.equal(serialise(new Transform(changed.doc).delete(4, 5).doc), text);
});

test("what is held differently from how it would be written stays", () => {
  says("\n\n# A\nB  \nc\n===\n***\n\n\n+ x\n\n\n  y\n1) z\n::: steps\n\n1. a\n:::\n::::  remember \nb\n::::\n\n");
  says("");
  says("\n\n");
  says("không xuống dòng cuối");
  says("[a]: https://a.example\n\nXem [a].\n");
});

test("what the schema has no place for is kept as its source", () => {
  const odd = ["::: lạ\nx\n\ny\n:::", "<table>\n<tr></tr>\n</table>", "```\nmã\n```", "    mã", "::: warning\n![a](b.svg)\n:::", "Chữ ![a](b.svg)", ":::", "::: steps thêm\na\n:::", "[a]: https://a.example"];
  for (const raw of odd) {
    const text = `Trước\n\n${raw}\n\nSau\n`;
    assert.deepEqual(kinds(text), ["paragraph", "source", "paragraph"], raw);
    says(text);
    stable(new Transform(parse(text)).insert(1, schema.text("A")).doc, raw);
  }
  says("::: steps\n1. a\n\nkhông đóng\n");
});

test("a link that is defined elsewhere is not rewritten for what is written beside it", () => {
  const text = "[a]: https://a.example\n\nXem [a].\n";
  const changed = new Transform(parse(text)).insert(parse(text).content.size, nodes.paragraph.create(null, schema.text("Xem [a]."))).doc;
  assert.ok(serialise(changed).startsWith(text.trimEnd()));
  assert.ok(serialise(changed).startsWith(text.trimEnd()));
});

test("a block that moves keeps its bytes and stays apart from its neighbours", () => {
  const doc = parse("## A\nb\n\n- x\n\nc\n\n- y\n");
  const [heading, b, x, c, y] = doc.content.content;
  assert.equal(serialise(nodes.doc.create(doc.attrs, [x, y, b, heading, c])), "- x\n\n* y\n\nb\n\n## A\n\nc\n");
  stable(nodes.doc.create(doc.attrs, [b, c, x, y, heading]), "moved");
});

test("signs that Markdown would read are escaped only where it would", () => {
  const written = (text) => serialise(nodes.doc.create(null, nodes.paragraph.create(null, schema.text(text))));
  assert.equal(written("5 * 3 [x] a_b <c & d"), "5 * 3 [x] a_b <c & d\n");
  assert.equal(written("1. Một"), "1\\. Một\n");
  assert.equal(written("::: steps"), "\\::: steps\n");
  assert.equal(written("**x**"), "\\*\\*x\\*\\*\n");
});

test("documents made by chance are read back as they are", () => {
  for (let seed = 1; seed <= 800; seed++) stable(document(chance(seed)), `seed ${seed}`);
});

/** A change by chance, as an editor makes it. */
function change(doc, luck) {
  const tr = new Transform(doc);
  const at = luck.upTo(doc.content.size + 1);
  const $at = doc.resolve(at);
  const inText = $at.parent.isTextblock && $at.parent.type.name !== "source";
  switch (luck.upTo(5)) {
    case 0:
      if (inText) tr.insert(at, schema.text(luck.one(["ế", " ", "*", "# ", ":", "1. ", "`", "<"])));
      break;
    case 1:
      if (inText && canSplit(doc, at)) tr.split(at);
      break;
    case 2:
      tr.deleteRange(at, Math.min(doc.content.size, at + luck.upTo(40)));
      break;
    case 3:
      tr.insert($at.depth ? $at.before(1) : at, block(luck));
      break;
    default: {
      const point = joinPoint(doc, at);
      if (point) tr.join(point);
    }
  }
  return tr.doc;
}

test("lessons changed by chance are read back as they are", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const luck = chance(seed);
    let doc = parse(luck.one(bodies)[1]);
    for (let n = 0; n < 12; n++) {
      try {
        doc = change(doc, luck);
      } catch (error) {
        if (!(error instanceof RangeError) && error.name !== "TransformError" && error.name !== "ReplaceError") throw error; // no such change here
      }
    }
    stable(doc, `seed ${seed}`);
  }
});

test("a line leads to its block, within a box to the block there", () => {
  const doc = parse("A\n\n::: warning\nB\n\nC\n:::\n\n- x\n- y\n");
  assert.deepEqual([1, 2, 3, 4, 6, 9, 10].map((line) => placeOfLine(doc, line)), [[0], [0], [1], [1, 0], [1, 1], [2], [2]]);
});

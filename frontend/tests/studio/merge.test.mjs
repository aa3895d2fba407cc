// Another's text comes in by small steps; where both changed a place, both are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Transform } from "prosemirror-transform";
import { merge, mergedText } from "../../src/js/studio/text/merge.js";
import { parse } from "../../src/js/studio/text/parse.js";
import { schema } from "../../src/js/studio/text/schema.js";
import { serialise } from "../../src/js/studio/text/serialise.js";
import { takeIn } from "../../src/js/studio/text/take.js";
import { bodies, chance, document } from "./lessons.mjs";

const take = (doc, text) => takeIn(new Transform(doc), text);

test("a text that is taken in is there to the byte", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const luck = chance(seed);
    const [before, after] = [luck.one(bodies)[1], luck.upTo(2) ? luck.one(bodies)[1] : serialise(document(luck))];
    const tr = take(parse(before), after);
    tr.doc.check();
    assert.ok(serialise(tr.doc) === after, `seed ${seed}\n${serialise(tr.doc)}\n=====\n${after}`);
  }
});

test("what did not change keeps its place", () => {
  const text = "Một hai ba\n\n::: warning\nA\n\nB b\n:::\n\nCuối\n";
  const doc = parse(text);
  const at = (word) => {
    let found;
    doc.descendants((node, pos) => {
      if (node.isText && node.text.includes(word)) found = pos + node.text.indexOf(word);
    });
    return found;
  };
  const tr = take(doc, text.replace("hai", "hai rưỡi").replace("B b", "B mới b") + "\nThêm\n");
  assert.equal(tr.doc.textBetween(tr.mapping.map(at("ba")), tr.mapping.map(at("ba")) + 2), "ba");
  assert.equal(tr.doc.textBetween(tr.mapping.map(at("Cuối")), tr.mapping.map(at("Cuối")) + 4), "Cuối");
  assert.ok(tr.mapping.mapResult(at("A")).deleted === false);
});

test("an empty paragraph where somebody is about to write stays", () => {
  const doc = new Transform(parse("A\n\nB\n")).insert(3, schema.nodes.paragraph.create()).doc;
  assert.equal(take(doc, "A\n\nB mới\n").doc.childCount, 3);
});

test("what only one changed is taken, what both changed is told apart", () => {
  const base = "a\n\nb\n\nc\n";
  const parts = merge(base, "a1\n\nb1\n\nc\n", "a\n\nb2\n\nc2\n");
  assert.deepEqual(parts.filter((part) => !part.text).map(({ mine, theirs }) => [mine, theirs]), [["b1", "b2"]]);
  assert.equal(mergedText(parts, () => "mine"), "a1\n\nb1\n\nc2\n");
  assert.equal(mergedText(parts, () => "theirs"), "a1\n\nb2\n\nc2\n");
});

test("lines that one took away and the other changed are asked about", () => {
  const parts = merge("a\nb\nc\n", "a\nc\n", "a\nB\nc\n");
  assert.equal(mergedText(parts, () => "mine"), "a\nc\n");
  assert.equal(mergedText(parts, () => "theirs"), "a\nB\nc\n");
});

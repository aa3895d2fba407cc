// Takes another text into a document with as small steps as can be: what did not change is not touched, so that the
// cursor stays where it is and one's own changes can still be undone.
import { Slice } from "prosemirror-model";
import { common } from "./merge.js";
import { parse } from "./parse.js";
import { holder } from "./serialise.js";

/** Make the document of this transaction say `text`. */
export function takeIn(tr, text) {
  const next = parse(text);
  for (const name of ["lead", "tail"]) if (tr.doc.attrs[name] !== next.attrs[name]) tr.setDocAttribute(name, next.attrs[name]);
  takeBlocks(tr, tr.doc, next, 0);
  return tr;
}

/** The blocks of a holder with their texts and positions; paragraphs without words are nobody's. */
function blocksOf(node, start) {
  const offsets = [];
  node.forEach((_, offset) => offsets.push(start + offset));
  return holder(node, "").pieces.map(({ node: child, index, text }) => ({ node: child, text, pos: offsets[index] }));
}

/** From the end to the beginning, so that positions before stay true. `start`: where the holder's content begins. */
function takeBlocks(tr, old, next, start) {
  const [ours, theirs] = [blocksOf(old, start), blocksOf(next, 0)];
  if (!theirs.length || !ours.length) {
    if (ours.length || theirs.length) tr.replaceWith(start, start + old.content.size, next.content);
    return;
  }
  const pairs = [[-1, -1], ...common(ours, theirs, (a, b) => a.text === b.text), [ours.length, theirs.length]];
  for (let n = pairs.length - 1; n > 0; n--) {
    const [[i, j], [toI, toJ]] = [pairs[n - 1], pairs[n]];
    between(tr, ours.slice(i + 1, toI), theirs.slice(j + 1, toJ), i < 0 ? start : ours[i].pos + ours[i].node.nodeSize);
    if (i >= 0) takeAttrs(tr, ours[i], theirs[j].node);
  }
}

/** What stands between two blocks that stayed. */
function between(tr, ours, theirs, after) {
  const both = Math.min(ours.length, theirs.length);
  const last = both ? ours[both - 1].pos + ours[both - 1].node.nodeSize : after;
  for (const { pos, node } of ours.slice(both).reverse()) tr.delete(pos, pos + node.nodeSize);
  if (theirs.length > both) tr.insert(last, theirs.slice(both).map(({ node }) => node));
  for (let n = both - 1; n >= 0; n--) takeBlock(tr, ours[n], theirs[n].node);
}

function takeBlock(tr, { node, pos }, next) {
  if (node.type !== next.type) return tr.replaceWith(pos, pos + node.nodeSize, next);
  if (node.type.name === "box") takeBlocks(tr, node, next, pos + 1);
  else takeContent(tr, node, next, pos + 1);
  return takeAttrs(tr, { node, pos }, next);
}

function takeContent(tr, node, next, start) {
  const from = node.content.findDiffStart(next.content);
  if (from == null) return;
  let { a, b } = node.content.findDiffEnd(next.content);
  const overlap = from - Math.min(a, b);
  if (overlap > 0) [a, b] = [a + overlap, b + overlap];
  const slice = next.slice(from, b);
  tr.replace(start + from, start + a, slice.size ? slice : Slice.empty);
}

function takeAttrs(tr, { node, pos }, next) {
  for (const [name, value] of Object.entries(next.attrs)) if (node.attrs[name] !== value) tr.setNodeAttribute(pos, name, value);
}

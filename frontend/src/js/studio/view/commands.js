// What can be done to a lesson's document. A command is a function (state, dispatch, view) that says whether it applies.
import { lift, setBlockType, wrapIn } from "prosemirror-commands";
import { Fragment } from "prosemirror-model";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { schema } from "../text/schema.js";

const { nodes } = schema;

/** The block of the document that holds the selection: {node, pos, index}. */
export function topBlock(state) {
  const { $from } = state.selection;
  const index = Math.min($from.index(0), state.doc.childCount - 1);
  return { node: state.doc.child(index), pos: $from.depth ? $from.before(1) : $from.posAtIndex(index, 0), index };
}

/** The nearest node of this type around the cursor: {node, pos, depth}. */
export function around($pos, type) {
  for (let depth = $pos.depth; depth > 0; depth--) {
    if ($pos.node(depth).type === type) return { node: $pos.node(depth), pos: $pos.before(depth), depth };
  }
  return null;
}

const isEmpty = (node) => node.type === nodes.paragraph && node.content.size === 0;

/** A heading of this level, or a paragraph again. */
export const heading = (level) => (state, dispatch) => {
  const { parent } = state.selection.$from;
  const already = parent.type === nodes.heading && parent.attrs.level === level;
  return setBlockType(already ? nodes.paragraph : nodes.heading, already ? null : { level })(state, dispatch);
};

/** A list of this type, another type of list, or no list again. */
export const list = (type) => (state, dispatch, view) => {
  const { $from } = state.selection;
  const held = [nodes.bullet_list, nodes.ordered_list].map((one) => around($from, one)).filter(Boolean);
  const nearest = held.sort((a, b) => b.depth - a.depth)[0];
  if (!nearest) return wrapInList(type)(state, dispatch);
  if (nearest.node.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
  dispatch?.(state.tr.setNodeMarkup(nearest.pos, type, { tight: nearest.node.attrs.tight }));
  return true;
};

export const quote = (state, dispatch) => (around(state.selection.$from, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch));

/** Put the chosen blocks in a box; in a box already, make it one of this kind, or none. */
export const box = (kind) => (state, dispatch) => {
  const held = around(state.selection.$from, nodes.box);
  if (held) {
    if (held.node.attrs.kind === kind) return unwrap(state, dispatch);
    dispatch?.(state.tr.setNodeAttribute(held.pos, "kind", kind));
    return true;
  }
  const { $from, $to } = state.selection;
  const fresh = insert(nodes.box.create({ kind }, filled(kind)));
  if (!$from.depth || !$to.depth) return fresh(state, dispatch);
  const inside = state.doc.content.content.slice($from.index(0), $to.index(0) + 1);
  if ((inside.length === 1 && isEmpty(inside[0])) || !nodes.box.validContent(Fragment.from(inside))) return fresh(state, dispatch);
  if (dispatch) {
    const tr = state.tr.replaceWith($from.before(1), $to.after(1), nodes.box.create({ kind }, inside));
    dispatch(tr.setSelection(TextSelection.between(tr.doc.resolve($from.pos + 1), tr.doc.resolve($to.pos + 1))).scrollIntoView());
  }
  return true;
};

/** What a new box begins with. */
const filled = (kind) => {
  const paragraph = nodes.paragraph.create();
  return [kind === "steps" ? nodes.ordered_list.create(null, nodes.list_item.create(null, paragraph)) : paragraph];
};

/** Take the box away, keep what is in it. */
export function unwrap(state, dispatch) {
  const held = around(state.selection.$from, nodes.box);
  if (!held) return false;
  if (dispatch) {
    const at = state.selection.from - 1;
    const tr = state.tr.replaceWith(held.pos, held.pos + held.node.nodeSize, held.node.content);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.max(0, at)))).scrollIntoView());
  }
  return true;
}

/** Take away the box that is the block with the cursor. */
export function unwrapBlock(state, dispatch) {
  const { node, pos } = topBlock(state);
  if (node.type !== nodes.box) return false;
  dispatch?.(state.tr.replaceWith(pos, pos + node.nodeSize, node.content));
  return true;
}

/** Backspace where a box begins takes the box away. */
export function unwrapAtStart(state, dispatch) {
  const { $cursor } = state.selection;
  const held = $cursor && around($cursor, nodes.box);
  if (!held || $cursor.parentOffset > 0) return false;
  return TextSelection.near(state.doc.resolve(held.pos + 1)).from === $cursor.pos && unwrap(state, dispatch);
}

/** Enter on an empty last line of a box, or on the empty last item of its last list, leads out of it. */
export function leaveBox(state, dispatch) {
  const { $cursor } = state.selection;
  const held = $cursor && isEmpty($cursor.parent) && around($cursor, nodes.box);
  if (!held) return false;
  let depth = $cursor.depth; // of the line that goes: the empty paragraph, or its item
  if (depth === held.depth + 3) depth -= 1;
  if (depth > held.depth + 2 || $cursor.node(depth).childCount > 1) return false;
  for (let level = held.depth; level < depth; level++) if ($cursor.index(level) < $cursor.node(level).childCount - 1) return false;
  if ($cursor.node(depth - 1).childCount < 2) return false;
  if (dispatch) {
    const tr = state.tr.delete($cursor.before(depth), $cursor.after(depth));
    const after = tr.mapping.map(held.pos + held.node.nodeSize);
    tr.insert(after, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  }
  return true;
}

/** A block of the document beneath the one with the cursor, in its place where that is empty; one writes on in it or after it. */
export const insert = (node) => (state, dispatch) => {
  if (!dispatch) return true;
  const { node: held, pos } = topBlock(state);
  const start = isEmpty(held) ? pos : pos + held.nodeSize;
  const tr = state.tr.replaceWith(start, pos + held.nodeSize, node);
  const end = start + node.nodeSize;
  const next = tr.doc.nodeAt(end);
  if (!next || (node.isAtom && !isEmpty(next))) tr.insert(end, nodes.paragraph.create());
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(node.isAtom ? end + 1 : start + 1))).scrollIntoView());
  return true;
};

/** Move the block with the cursor by one place. */
export const move = (step) => (state, dispatch) => {
  const { node, pos, index } = topBlock(state);
  const other = index + step;
  if (other < 0 || other >= state.doc.childCount) return false;
  if (dispatch) {
    const shift = step * state.doc.child(other).nodeSize;
    const tr = state.tr.delete(pos, pos + node.nodeSize).insert(pos + shift, node);
    const { selection } = state;
    const chosen = selection instanceof NodeSelection && selection.from === pos ? NodeSelection.create(tr.doc, pos + shift) : TextSelection.between(tr.doc.resolve(selection.anchor + shift), tr.doc.resolve(selection.head + shift));
    dispatch(tr.setSelection(chosen).scrollIntoView());
  }
  return true;
};

/** Take the block with the cursor away. */
export function removeBlock(state, dispatch) {
  const { node, pos } = topBlock(state);
  if (!dispatch) return true;
  const tr = state.doc.childCount > 1 ? state.tr.delete(pos, pos + node.nodeSize) : state.tr.replaceWith(pos, pos + node.nodeSize, nodes.paragraph.create());
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(pos, tr.doc.content.size)))).scrollIntoView());
  return true;
}

/** Whether a mark is on at the cursor. */
export function hasMark(state, type) {
  const { empty, $from, from, to } = state.selection;
  return Boolean(empty ? type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type));
}

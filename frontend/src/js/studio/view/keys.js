// Keys, and signs of Markdown that become what they mean while one writes.
import { baseKeymap, chainCommands, exitCode, selectParentNode, toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { NodeSelection, Plugin, Selection, TextSelection } from "prosemirror-state";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { BOXES, schema } from "../text/schema.js";
import { around, box, heading, insert, leaveBox, list, move, unwrapAtStart } from "./commands.js";

const { nodes, marks } = schema;

const breakLine = chainCommands(exitCode, (state, dispatch) => {
  if (state.selection.$from.parent.type !== nodes.paragraph) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

/** An item within another comes out by one level; the outermost stays, so that the key can leave the editor. */
const outdent = (state, dispatch) => {
  const { $from } = state.selection;
  const item = around($from, nodes.list_item);
  if (!item || !around(state.doc.resolve(item.pos), nodes.list_item)) return false;
  return liftListItem(nodes.list_item)(state, dispatch);
};

/** To an end of the text; `on` takes along what is between. A browser does not find it past blocks that are no text. */
const toEnd = (side, on = false) => (state, dispatch) => {
  const end = Selection[side](state.doc);
  dispatch?.(state.tr.setSelection(on ? TextSelection.between(state.selection.$anchor, end.$head) : end).scrollIntoView());
  return true;
};

export const keys = ({ save, link }) => [
  keymap({
    "Mod-b": toggleMark(marks.strong),
    "Mod-i": toggleMark(marks.em),
    "Mod-e": toggleMark(marks.code),
    "Mod-k": (_state, _dispatch, view) => link(view),
    "Mod-s": () => save(),
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Z": redo,
    "Mod-Shift-z": redo,
    "Mod-Alt-2": heading(2),
    "Mod-Alt-3": heading(3),
    "Mod-Shift-7": list(nodes.ordered_list),
    "Mod-Shift-8": list(nodes.bullet_list),
    "Alt-ArrowUp": move(-1),
    "Alt-ArrowDown": move(1),
    "Ctrl-Home": toEnd("atStart"),
    "Ctrl-End": toEnd("atEnd"),
    "Shift-Ctrl-Home": toEnd("atStart", true),
    "Shift-Ctrl-End": toEnd("atEnd", true),
    "Shift-Enter": breakLine,
    "Mod-Enter": breakLine,
    Enter: chainCommands(leaveBox, splitListItem(nodes.list_item)),
    Backspace: chainCommands(undoInputRule, unwrapAtStart),
    Tab: sinkListItem(nodes.list_item),
    "Shift-Tab": outdent,
    Escape: selectParentNode,
  }),
  keymap(baseKeymap),
];

/** Text between signs gets the mark, the signs go; the last sign is not in the document yet. */
const marked = (pattern, type) =>
  new InputRule(pattern, (state, match, start, end) => {
    const [all, before, text] = match;
    if (!state.doc.resolve(start).parent.type.allowsMarkType(type)) return null;
    const from = start + before.length;
    const sign = (all.length - before.length - text.length) / 2;
    const tr = state.tr.delete(end - sign + 1, end).delete(from, from + sign);
    return tr.addMark(from, from + text.length, type.create()).removeStoredMark(type);
  });

/** At the beginning of a block of the document: signs that become a block of their own. */
const becoming = (pattern, command) =>
  new InputRule(pattern, (state, match, start, end) => {
    const $start = state.doc.resolve(start);
    if ($start.depth !== 1 || $start.parent.content.size !== end - start) return null;
    const tr = state.tr.delete(start, end);
    tr.setSelection(TextSelection.create(tr.doc, start));
    let made = null;
    const mid = state.apply(tr);
    command(match)(mid, (next) => (made = next));
    if (!made) return null;
    for (const step of made.steps) tr.step(step);
    return tr.setSelection(made.selection.constructor.fromJSON(tr.doc, made.selection.toJSON()));
  });

export const signs = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,3})\s$/, nodes.heading, (match) => ({ level: Math.max(2, match[1].length) })),
    wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list),
    wrappingInputRule(/^\s*\+\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d+)[.)]\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]) }), (match, node) => node.childCount + node.attrs.order === Number(match[1])),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    becoming(/^---$/, () => insert(nodes.slide.create())),
    becoming(new RegExp(`^:::\\s*(${BOXES.join("|")})\\s$`), (match) => box(match[1])),
    marked(/(^|[^*])\*\*([^\s*](?:[^*]*[^\s*])?)\*\*$/, marks.strong),
    marked(/(^|[^*])\*([^\s*](?:[^*]*[^\s*])?)\*$/, marks.em),
    marked(/(^|[^`])`([^`]+)`$/, marks.code),
  ],
});

/** What is typed while a whole block is chosen does not take its place: it stands in a line of its own after it. */
export const typing = new Plugin({
  props: {
    handleTextInput(view, _from, _to, text) {
      const { selection } = view.state;
      if (!(selection instanceof NodeSelection) || !selection.node.isBlock) return false;
      const after = selection.$from.posAtIndex(selection.$from.index(0) + 1, 0);
      const tr = view.state.tr.insert(after, nodes.paragraph.create(null, schema.text(text)));
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1 + text.length)).scrollIntoView());
      return true;
    },
  },
});

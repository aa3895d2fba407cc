// The editor of a lesson's text: structured, or as source text. Whoever uses it sees a text that changes.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { closeHistory, history } from "prosemirror-history";
import { EditorState, NodeSelection, Plugin, Selection } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";
import { parse } from "../text/parse.js";
import { placeOfLine, serialise } from "../text/serialise.js";
import { takeIn } from "../text/take.js";
import { blocks } from "./blocks.js";
import { askLink, askPicture } from "./dialogs.js";
import { handle } from "./handle.js";
import { keys, signs, typing } from "./keys.js";
import { nodeViews } from "./nodeviews.js";
import { paste } from "./paste.js";
import { Pictures } from "./pictures.js";
import { Menu } from "./popup.js";
import { slash } from "./slash.js";
import { Toolbar } from "./toolbar.js";

/** What an empty line invites to. */
const invitation = new Plugin({
  props: {
    decorations({ doc, selection: { $cursor } }) {
      if (!$cursor || $cursor.depth !== 1 || $cursor.parent.content.size || $cursor.parent.type.name !== "paragraph") return null;
      const words = doc.childCount === 1 ? say("Viết lời của bài ở đây. Gõ / để chèn khối.", "Write the lesson here. Type / to insert a block.") : say("Gõ / để chèn khối", "Type / to insert a block");
      return DecorationSet.create(doc, [Decoration.node($cursor.before(), $cursor.after(), { "data-invitation": words })]);
    },
  },
});

/** The toolbar covers what stands beneath the upper edge. */
const ROOM = { top: 90, bottom: 60, left: 0, right: 0 };

export class Editor {
  /** `changed()` is called when another text stands in the textarea; `save()` on Ctrl+S. */
  constructor(area, parts, { changed, save, sendPicture, tell }) {
    Object.assign(this, { area, changed, isSource: false, last: area.value });
    this.pictures = new Pictures(parts.pictures, { send: sendPicture, tell });
    const pick = (view) => askPicture(view, parts.pictures, { place: (name) => this.pictures.place(view, name), send: (files) => this.pictures.send(view, files) });
    this.entries = blocks(parts, pick);
    this.writing = el("div", { class: "writing" });
    this.toolbar = new Toolbar(this.entries, { link: askLink, menu: () => this.openMenu() });
    this.head = el("div", { class: "editor-head" }, this.toolbar.dom);
    this.root = el("div", { class: "editor" }, this.head, this.writing);
    area.before(this.root);
    this.view = this.makeView(parts, { save, link: askLink });
    this.menu = new Menu(this.root, say("Chèn", "Insert"));
    this.addToggle();
    this.root.append(area);
    area.addEventListener("input", () => this.typed());
    if (!area.labels.length) area.setAttribute("aria-label", say("Lời của bài, dạng chữ", "Text of the lesson, as source"));
    this.show(serialise(this.view.state.doc) !== area.value); // a text that would not come back stays text
  }

  makeView(parts, actions) {
    const plugins = [slash(this.entries), ...keys(actions), signs, typing, history(), paste, ...this.pictures.plugins, dropCursor({ color: false, class: "drop-cursor" }), gapCursor(), invitation, handle];
    const label = say("Lời của bài. Alt+F10 tới thanh công cụ.", "Text of the lesson. Alt+F10 leads to the toolbar.");
    const view = new EditorView(this.writing, {
      state: EditorState.create({ doc: parse(this.area.value), plugins }),
      nodeViews: nodeViews(parts),
      scrollThreshold: ROOM,
      scrollMargin: ROOM,
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: "article" },
      dispatchTransaction: (tr) => this.apply(tr),
      handleKeyDown: (_view, event) => event.altKey && event.key === "F10" && (this.toolbar.dom.querySelector('[tabindex="0"]').focus(), true),
      handleDOMEvents: { click: (_view, event) => void (event.target.closest?.("a[href]") && event.preventDefault()) },
    });
    this.toolbar.update(view);
    return view;
  }

  apply(tr) {
    this.view.updateState(this.view.state.apply(tr));
    this.toolbar.update(this.view);
    if (!tr.docChanged) return;
    this.area.value = serialise(this.view.state.doc);
    this.typed();
  }

  typed() {
    if (this.area.value === this.last) return;
    this.last = this.area.value;
    this.changed();
  }

  get text() {
    return this.area.value;
  }

  /** Whether a letter is being composed (keyboards of Vietnamese do that). */
  get busy() {
    return this.view.composing;
  }

  /** Another text in place of ours; what is not different is not touched. */
  take(text) {
    this.last = text;
    if (this.isSource) return this.takeSource(text);
    const { tr } = this.view.state;
    this.view.dispatch(takeIn(tr, text).setMeta("addToHistory", false));
    if (this.area.value === text) return;
    // It does not come back as it is: then it is shown as text.
    this.area.value = text;
    this.show(true);
  }

  takeSource(text) {
    const { value, selectionStart, selectionEnd } = this.area;
    let head = 0;
    while (head < value.length && value[head] === text[head]) head += 1;
    const moved = (at) => (at <= head ? at : Math.max(head, at + text.length - value.length));
    this.area.value = text;
    this.area.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  }

  openMenu() {
    const { view } = this;
    const run = (entry) => () => {
      entry.run(view.state, view.dispatch, view);
      if (!document.querySelector("dialog[open]")) view.focus();
    };
    const anchor = this.toolbar.tools[0].button;
    return this.menu.open(this.entries.map((entry) => ({ ...entry, run: run(entry) })), anchor, () => anchor.focus());
  }

  addToggle() {
    const name = say("Sửa dạng chữ", "Edit as text");
    const words = el("span", {}, name);
    this.toggle = el("button", { type: "button", class: "tool", title: name, "aria-label": name, "aria-pressed": "false", on: { click: () => this.show(!this.isSource) } }, drawn("source"), words);
    this.toolbar.add(this.toggle);
  }

  /** Show the text as source, or structured. */
  show(source) {
    if (this.isSource && !source) {
      this.isSource = false;
      this.view.dispatch(closeHistory(takeIn(this.view.state.tr, this.area.value)));
    }
    this.isSource = source;
    this.root.classList.toggle("as-source", source);
    this.toggle.setAttribute("aria-pressed", String(source));
    this.writing.hidden = source;
    this.area.hidden = !source;
    for (const { button } of this.toolbar.tools) button.hidden = source;
    if (source) this.toolbar.enter(this.toggle);
  }

  /** Select the block of this line, and bring it into view. */
  goToLine(line) {
    if (this.isSource) return this.goInSource(line);
    const { doc, tr } = this.view.state;
    const [index, inner] = placeOfLine(doc, line);
    const $top = doc.resolve(0);
    let pos = $top.posAtIndex(Math.min(index, doc.childCount - 1));
    if (inner !== undefined) pos = doc.resolve(pos + 1).posAtIndex(inner);
    const node = doc.nodeAt(pos);
    const chosen = NodeSelection.isSelectable(node) && !node.isTextblock ? NodeSelection.create(doc, pos) : Selection.near(doc.resolve(pos + 1));
    this.view.dispatch(tr.setSelection(chosen).scrollIntoView());
    this.view.focus();
    const dom = this.view.nodeDOM(pos);
    dom?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  goInSource(line) {
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }
}

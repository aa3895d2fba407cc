// "/" or "+" on an empty line opens a list of what can be put there; what is typed on narrows it.
import { Plugin } from "prosemirror-state";
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";
import { schema } from "../text/schema.js";
import { hang, meant } from "./popup.js";

/** What was typed after the sign: {from, to, words}; null where there is no such line. */
function asked({ selection: { $cursor } }) {
  if (!$cursor || $cursor.depth !== 1 || $cursor.parent.type !== schema.nodes.paragraph || $cursor.parentOffset !== $cursor.parent.content.size) return null;
  const match = $cursor.parent.textContent.match(/^[/+]([\p{L}\p{N} ]{0,24})$/u);
  return match && { from: $cursor.start(), to: $cursor.pos, words: match[1] };
}

class Slash {
  constructor(view, entries) {
    Object.assign(this, { view, entries, found: [], at: 0, armed: false });
    this.dom = el("div", { class: "editor-popup", role: "listbox", id: "editor-insert", "aria-label": say("Chèn", "Insert"), hidden: true });
    view.dom.parentNode.append(this.dom);
  }

  get isOpen() {
    return !this.dom.hidden;
  }

  update(view, before) {
    const ask = asked(view.state);
    if (!ask || !view.editable) return this.close();
    if (before && !before.doc.eq(view.state.doc) && ask.words === "") this.armed = true; // the sign was just typed
    if (!this.armed) return;
    this.found = meant(this.entries, ask.words);
    if (!this.found.length) return this.hide();
    this.at = Math.min(this.words === ask.words ? this.at : 0, this.found.length - 1);
    this.words = ask.words;
    this.draw();
  }

  draw() {
    const choose = (index) => (event) => {
      event.preventDefault();
      this.at = index;
      this.choose();
    };
    const option = (entry, index) => el("div", { role: "option", id: `editor-insert-${index}`, "aria-selected": String(index === this.at), on: { mousedown: choose(index) } }, drawn(entry.icon), entry.name);
    this.dom.replaceChildren(...this.found.map(option));
    this.dom.hidden = false;
    hang(this.dom, this.view.coordsAtPos(this.view.state.selection.from));
    this.dom.children[this.at].scrollIntoView({ block: "nearest" });
    this.view.dom.setAttribute("aria-controls", "editor-insert");
    this.view.dom.setAttribute("aria-activedescendant", `editor-insert-${this.at}`);
  }

  hide() {
    this.dom.hidden = true;
    for (const name of ["aria-controls", "aria-activedescendant"]) this.view.dom.removeAttribute(name);
  }

  close() {
    this.armed = false;
    if (this.isOpen) this.hide();
  }

  choose() {
    const entry = this.found[this.at];
    const { from, to } = asked(this.view.state);
    this.close();
    this.view.dispatch(this.view.state.tr.delete(from, to));
    entry.run(this.view.state, this.view.dispatch, this.view);
    if (!document.querySelector("dialog[open]")) this.view.focus();
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.at = (this.at + steps[event.key] + this.found.length) % this.found.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.choose();
    else if (event.key === "Escape") this.close();
    else return false;
    return true;
  }

  destroy() {
    this.dom.remove();
  }
}

export function slash(entries) {
  let menu;
  return new Plugin({
    view: (view) => (menu = new Slash(view, entries)),
    props: {
      handleKeyDown: (_view, event) => menu.isOpen && !event.isComposing && menu.key(event),
      handleDOMEvents: { blur: () => void menu.close() },
    },
  });
}

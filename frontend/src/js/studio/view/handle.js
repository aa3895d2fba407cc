// The handle of a block: drag it by the handle, or press it for what can be done to the block.
import { Fragment, Slice } from "prosemirror-model";
import { NodeSelection, Plugin, Selection } from "prosemirror-state";
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";
import { schema } from "../text/schema.js";
import { move, removeBlock, topBlock, unwrapBlock } from "./commands.js";
import { Menu } from "./popup.js";

class Handle {
  constructor(view) {
    this.view = view;
    this.pos = null;
    const on = { click: () => this.press(), mousedown: () => this.choose(), dragstart: (event) => this.drag(event), dragend: () => (this.view.dragging = null) };
    // No button: Firefox lets none be dragged.
    this.dom = el("div", { class: "handle", role: "button", draggable: "true", tabindex: "-1", "aria-haspopup": "menu", title: say("Kéo để dời, bấm để xem việc làm được", "Drag to move, press for more"), "aria-label": say("Khối này", "This block"), on }, drawn("handle"));
    view.dom.parentNode.append(this.dom);
    this.menu = new Menu(view.dom.parentNode, say("Khối này", "This block"));
    this.over = (event) => this.point(event);
    view.dom.parentNode.addEventListener("mousemove", this.over);
    this.update(view);
  }

  /** The block beneath the pointer. */
  point({ clientY }) {
    if (this.view.dragging || !this.menu.dom.hidden) return;
    const found = [...this.view.dom.children].find((child) => {
      const { top, bottom } = child.getBoundingClientRect();
      return clientY >= top - 4 && clientY <= bottom + 4 && child.pmViewDesc?.node;
    });
    if (found) this.stand(this.view.posAtDOM(found, 0, -1), found);
  }

  stand(inside, dom) {
    const $pos = this.view.state.doc.resolve(Math.min(inside, this.view.state.doc.content.size));
    this.pos = $pos.depth ? $pos.before(1) : $pos.pos;
    const box = dom.getBoundingClientRect();
    this.dom.style.top = `${box.top - this.view.dom.parentNode.getBoundingClientRect().top}px`;
    this.dom.hidden = false;
  }

  /** Without a pointer the handle stands at the block with the cursor. */
  update(view) {
    if (!this.menu.dom.hidden) return;
    const { pos } = topBlock(view.state);
    const dom = view.nodeDOM(pos);
    if (dom instanceof HTMLElement) this.stand(pos, dom);
  }

  choose() {
    const { state } = this.view;
    const node = state.doc.nodeAt(this.pos);
    if (!node) return;
    const chosen = NodeSelection.isSelectable(node) ? NodeSelection.create(state.doc, this.pos) : Selection.near(state.doc.resolve(this.pos + 1));
    this.view.dispatch(state.tr.setSelection(chosen));
  }

  drag(event) {
    const slice = new Slice(Fragment.from(this.view.state.doc.nodeAt(this.pos)), 0, 0);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", slice.content.textBetween(0, slice.content.size, "\n\n"));
    const dom = this.view.nodeDOM(this.pos);
    if (dom instanceof Element) event.dataTransfer.setDragImage(dom, 0, 0);
    this.view.dragging = { slice, move: true, node: NodeSelection.create(this.view.state.doc, this.pos) };
  }

  press() {
    this.choose();
    const run = (command) => () => {
      command(this.view.state, this.view.dispatch);
      this.view.focus();
    };
    const entries = [
      { icon: "up", name: say("Đưa lên (Alt+↑)", "Move up (Alt+↑)"), command: move(-1) },
      { icon: "down", name: say("Đưa xuống (Alt+↓)", "Move down (Alt+↓)"), command: move(1) },
      { icon: "unwrap", name: say("Bỏ khung, giữ chữ", "Remove the box, keep the text"), command: unwrapBlock, only: schema.nodes.box },
      { icon: "remove", name: say("Xoá khối này", "Delete this block"), command: removeBlock },
    ];
    const { node } = topBlock(this.view.state);
    const fit = entries.filter((entry) => !entry.only || entry.only === node.type);
    this.menu.open(fit.map((entry) => ({ ...entry, run: run(entry.command) })), this.dom, () => this.view.focus());
  }

  destroy() {
    this.view.dom.parentNode?.removeEventListener("mousemove", this.over);
    this.dom.remove();
  }
}

export const handle = new Plugin({ view: (view) => new Handle(view) });

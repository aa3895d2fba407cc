// Pictures that are chosen, dropped or pasted: sent to the site, then put where they were meant to stand.
import { NodeSelection, Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { el, say } from "../../dom.js";
import { Faults } from "../saving/saver.js";
import { schema } from "../text/schema.js";
import { topBlock } from "./commands.js";

const images = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** Word and Excel send a picture of the text along with the text. */
const hasText = (data) => Boolean(data?.getData("text/html").replace(/<[^>]*>/g, "").trim());

/** Where a picture under way is to stand; the place moves with the text. */
const waiting = new Plugin({
  state: {
    init: () => DecorationSet.empty,
    apply(tr, set) {
      const moved = set.map(tr.mapping, tr.doc);
      const { add, remove } = tr.getMeta(waiting) ?? {};
      if (add) return moved.add(tr.doc, [Decoration.widget(add.pos, () => el("p", { class: "sending" }, say("Đang gửi hình…", "Sending the picture…")), { id: add.id })]);
      return remove ? moved.remove(moved.find(null, null, (spec) => spec.id === remove)) : moved;
    },
  },
  props: { decorations: (state) => waiting.getState(state) },
});

export class Pictures {
  /** `send(file)` -> {name, url}; `tell(words)` says what went wrong. */
  constructor(pictures, { send, tell }) {
    Object.assign(this, { pictures, sendOne: send, tell });
    this.plugin = new Plugin({ props: { handlePaste: (view, event) => !hasText(event.clipboardData) && this.given(view, images(event.clipboardData), null), handleDrop: (view, event) => this.given(view, images(event.dataTransfer), event) } });
    this.plugins = [waiting, this.plugin];
  }

  given(view, files, event) {
    if (!files.length) return false;
    event?.preventDefault();
    this.send(view, files, event && view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
    return true;
  }

  async send(view, files, at = null) {
    for (const file of files) {
      const id = {};
      const $at = view.state.doc.resolve(at ?? 0);
      const { node, pos } = topBlock(view.state);
      view.dispatch(view.state.tr.setMeta(waiting, { add: { id, pos: at != null ? ($at.depth ? $at.after(1) : at) : pos + node.nodeSize } }));
      try {
        const { name, url } = await this.sendOne(file);
        this.pictures[name] = url;
        this.put(view, id, name);
      } catch (error) {
        view.dispatch(view.state.tr.setMeta(waiting, { remove: id }));
        this.tell(error instanceof Faults && error.faults.length ? error.faults.join(" ") : say("Chưa gửi được hình. Thử lại khi có mạng.", "The picture could not be sent. Try again when there is a network."));
      }
    }
  }

  put(view, id, name) {
    const [place] = waiting.getState(view.state).find(null, null, (spec) => spec.id === id);
    const tr = view.state.tr.setMeta(waiting, { remove: id });
    this.insert(view, place ? tr : tr.setMeta(waiting, null), place?.from ?? topBlock(view.state).pos, name);
  }

  /** Put a picture of the lesson beneath the block with the cursor, in its place where that is empty. */
  place(view, name) {
    const { node, pos } = topBlock(view.state);
    const empty = node.type === schema.nodes.paragraph && !node.content.size;
    const { tr } = view.state;
    if (empty) tr.delete(pos, pos + node.nodeSize);
    this.insert(view, tr, empty ? pos : pos + node.nodeSize, name);
  }

  insert(view, tr, pos, name) {
    tr.insert(pos, schema.nodes.picture.create({ src: name }));
    const end = pos + 1;
    if (end >= tr.doc.content.size) tr.insert(end, schema.nodes.paragraph.create());
    view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, pos)).scrollIntoView());
    view.nodeDOM(pos)?.querySelector("textarea.alt")?.focus();
  }
}

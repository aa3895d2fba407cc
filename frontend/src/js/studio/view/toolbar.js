// The toolbar: one stop of the Tab key, arrows go from button to button.
import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { el, say } from "../../dom.js";
import { drawn } from "../icons.js";
import { schema } from "../text/schema.js";
import { around, hasMark } from "./commands.js";

const { marks, nodes } = schema;
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const hinted = (name, keys) => (keys ? `${name} (${mac ? keys.replace("Ctrl+", "⌘") : keys})` : name);

const inside = (type, attrs = {}) => (state) => {
  const held = around(state.selection.$from, type);
  return Boolean(held) && Object.entries(attrs).every(([name, value]) => held.node.attrs[name] === value);
};

/** Groups of tools: {icon, name, keys, run, on, group}. */
function tools(list, { link, menu }) {
  const [h2, h3, ul, ol, quote, ...rest] = list;
  const kinds = [nodes.heading, nodes.heading, nodes.bullet_list, nodes.ordered_list, nodes.blockquote];
  const attrs = [{ level: 2 }, { level: 3 }];
  const texts = [h2, h3, ul, ol, quote].map((one, index) => ({ ...one, on: inside(kinds[index], attrs[index]) }));
  return [
    [{ icon: "plus", name: say("Chèn", "Insert"), keys: "/", words: true, popup: true, run: (_state, dispatch, view) => !dispatch || menu(view) }],
    [
      { icon: "bold", name: say("Đậm", "Bold"), keys: "Ctrl+B", run: toggleMark(marks.strong), on: (state) => hasMark(state, marks.strong) },
      { icon: "italic", name: say("Nghiêng", "Italic"), keys: "Ctrl+I", run: toggleMark(marks.em), on: (state) => hasMark(state, marks.em) },
      { icon: "link", name: say("Liên kết", "Link"), keys: "Ctrl+K", run: (_state, dispatch, view) => !dispatch || link(view), on: (state) => hasMark(state, marks.link) },
      { icon: "code", name: say("Chữ máy", "Code"), keys: "Ctrl+E", run: toggleMark(marks.code), on: (state) => hasMark(state, marks.code) },
    ],
    texts,
    rest.map((one) => ({ ...one, wide: true, on: one.box ? inside(nodes.box, { kind: one.box }) : undefined })),
    [
      { icon: "undo", name: say("Hoàn tác", "Undo"), keys: "Ctrl+Z", run: undo },
      { icon: "redo", name: say("Làm lại", "Redo"), keys: "Ctrl+Shift+Z", run: redo },
    ],
  ];
}

export class Toolbar {
  constructor(list, actions) {
    this.tools = [];
    const groups = tools(list, actions).map((group) => el("div", { class: group[0].wide ? "tool-group wide" : "tool-group" }, ...group.map((tool) => this.button(tool))));
    this.dom = el("div", { class: "toolbar", role: "toolbar", "aria-label": say("Định dạng", "Formatting"), on: { keydown: (event) => this.walk(event) } }, ...groups);
    this.enter(this.tools[0].button);
  }

  /** A button at the end that is no tool of the text. */
  add(button) {
    button.tabIndex = -1;
    this.dom.append(el("div", { class: "tool-group last" }, button));
    button.addEventListener("focus", () => this.enter(button));
  }

  button(tool) {
    const name = hinted(tool.name, tool.keys);
    const press = () => {
      if (tool.button.getAttribute("aria-disabled") === "true") return;
      tool.run(this.view.state, this.view.dispatch, this.view);
      if (!tool.popup && !document.querySelector("dialog[open]")) this.view.focus();
    };
    // A press of the mouse must not take the cursor out of the text.
    const on = { click: press, mousedown: (event) => event.preventDefault(), focus: () => this.enter(tool.button) };
    tool.button = el("button", { type: "button", class: "tool", title: name, "aria-label": name, "aria-pressed": tool.on ? "false" : null, "aria-haspopup": tool.popup ? "menu" : null, tabindex: "-1", on }, drawn(tool.icon), tool.words ? el("span", {}, tool.name) : null);
    this.tools.push(tool);
    return tool.button;
  }

  enter(button) {
    for (const other of this.dom?.querySelectorAll("button") ?? []) other.tabIndex = other === button ? 0 : -1;
    button.tabIndex = 0;
  }

  walk(event) {
    const all = [...this.dom.querySelectorAll("button")].filter((button) => button.offsetParent);
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") this.view.focus();
    if (to === undefined || at < 0) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  }

  /** What is on, and what can be done, where the cursor is. */
  update(view) {
    this.view = view;
    const { state } = view;
    for (const { button, on, run } of this.tools) {
      if (on) button.setAttribute("aria-pressed", String(on(state)));
      button.setAttribute("aria-disabled", String(!run(state, undefined, view)));
    }
  }
}

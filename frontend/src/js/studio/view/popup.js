// A list to choose from that hangs on something: the insert menu, the menu of a block.
import { el } from "../../dom.js";
import { drawn } from "../icons.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

/** The entries that somebody means who types this, with or without marks. */
export const meant = (entries, typed) => {
  const words = plain(typed.trim());
  const starts = (entry) => plain(entry.name).startsWith(words);
  const found = entries.filter((entry) => plain(`${entry.name} ${entry.find ?? ""}`).includes(words));
  return found.sort((a, b) => starts(b) - starts(a));
};

/** Stand beneath a box of the window, or above it where there is more room. */
export function hang(popup, { left, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height, offsetParent } = popup;
  const origin = (offsetParent ?? document.body).getBoundingClientRect();
  const above = innerHeight - bottom < height + 12 && top > height + 12;
  popup.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8)) - origin.left}px`;
  popup.style.top = `${(above ? top - height - 6 : bottom + 6) - origin.top}px`;
}

/** A menu of buttons: arrows go through it, Escape and leaving it close it. */
export class Menu {
  constructor(host, label) {
    this.dom = el("div", { class: "editor-popup", role: "menu", "aria-label": label, hidden: true, on: { keydown: (event) => this.walk(event), focusout: (event) => this.left(event) } });
    host.append(this.dom);
  }

  open(entries, anchor, back) {
    Object.assign(this, { anchor, back });
    const choose = (entry) => () => {
      this.close();
      entry.run();
    };
    this.dom.replaceChildren(...entries.map((entry) => el("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: choose(entry) } }, drawn(entry.icon), entry.name)));
    this.dom.hidden = false;
    anchor.setAttribute("aria-expanded", "true");
    hang(this.dom, anchor.getBoundingClientRect());
    this.dom.firstChild.focus({ preventScroll: true });
    return true;
  }

  close(returning = false) {
    if (this.dom.hidden) return;
    this.dom.hidden = true;
    this.anchor.setAttribute("aria-expanded", "false");
    if (returning) this.back();
  }

  left({ relatedTarget }) {
    if (!this.dom.contains(relatedTarget)) this.close();
  }

  walk(event) {
    const all = [...this.dom.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.close(true);
    } else if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    }
  }
}

// The lesson page of the studio: its form becomes an editor that saves by itself. Without this it stays a form.
import { el, say } from "../dom.js";
import { Conflict } from "./page/conflict.js";
import { showFindings } from "./page/findings.js";
import { Preview } from "./page/preview.js";
import { State } from "./page/state.js";
import { ask, send, sendPicture, unix } from "./saving/line.js";
import { Saver } from "./saving/saver.js";
import { shelfOf } from "./saving/shelf.js";
import { Editor } from "./view/editor.js";

const EVERY = 10_000;

function partsOfLesson() {
  const given = JSON.parse(document.getElementById("lesson-parts")?.textContent || "{}");
  return { items: given.items ?? [], practice: given.practice ?? null, pictures: given.pictures ?? {} };
}

class Desk {
  constructor(form) {
    this.form = form;
    this.area = form.elements.text;
    this.aside = document.querySelector("[data-lesson-checks]");
    this.preview = new Preview(document.querySelector("[data-lesson-preview]"));
    const line = document.querySelector("[data-save-state]") ?? el("p", { "data-save-state": "", role: "status" });
    this.state = new State(line);
    this.shelf = shelfOf(form);
    this.area.value = this.area.defaultValue; // browsers bring back what stood here before a reload; that is on the shelf
    const given = { text: unix(form.elements.base?.defaultValue ?? this.area.value), version: Number(form.dataset.version) };
    this.editor = new Editor(this.area, partsOfLesson(), this.actions());
    this.editor.head.append(line);
    this.editor.root.before(this.state.notes);
    this.saver = new Saver(this.port(), given);
    this.conflict = new Conflict(this.state.notes, () => this.editor.text);
    this.listen();
    this.offerLeft(given.text);
    if (this.saver.unsent) this.saver.save(); // a form that the site gave back unsaved
    else this.saver.poll();
  }

  actions() {
    return {
      changed: () => this.changed(),
      save: () => this.save(),
      sendPicture: (file) => sendPicture(this.form, file),
      tell: (words) => this.state.say(words, "warn"),
    };
  }

  port() {
    return {
      text: () => this.editor.text,
      busy: () => this.editor.busy,
      take: (text) => this.editor.take(text),
      send: (fields, options) => send(this.form, fields, options),
      ask: () => ask(this.form),
      keep: (row) => this.shelf.keep(row),
      drop: () => this.shelf.drop(),
      tell: (state, details) => this.tell(state, details),
    };
  }

  tell(state, details) {
    this.state[state](details ?? {}, () => this.conflict.show());
    if (state === "conflict") this.conflict.open(details, (text) => this.saver.resolve(text));
    if (["saved", "taken", "same"].includes(state)) {
      for (const [name, value] of [["version", details.version], ["base", details.text]]) if (this.form.elements[name]) this.form.elements[name].value = value;
      showFindings(this.aside, details, (line) => this.editor.goToLine(line));
    }
    if (state === "saved" || state === "taken") this.preview.refresh(this.form.dataset.preview);
  }

  changed() {
    this.saver.changed();
    this.conflict.changed();
  }

  save() {
    if (this.saver.unsent) this.saver.save();
    else this.state.saved();
    return true;
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction") || event.submitter?.name) return;
      event.preventDefault();
      this.save();
    });
    const leaving = () => this.saver.unsent && this.saver.save({ keepalive: true });
    addEventListener("pagehide", leaving);
    document.addEventListener("visibilitychange", () => (document.hidden ? leaving() : this.saver.poll()));
    addEventListener("focus", () => this.saver.poll());
    addEventListener("online", () => this.saver.save());
    addEventListener("beforeunload", (event) => this.saver.atRisk && event.preventDefault());
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.defaultPrevented) return;
      event.preventDefault();
      this.save();
    });
    setInterval(() => document.hidden || this.saver.poll(), EVERY);
  }

  async offerLeft(text) {
    const left = await this.shelf.left(text).catch(() => []);
    for (const row of left) this.state.offer(row, { drop: () => this.shelf.dropLeft(row), restore: () => this.restore(row) });
  }

  /** What an earlier page left comes in as a change of ours; where the text was changed too, both are shown. */
  restore(row) {
    if (this.saver.conflict) return false; // that first
    const words = {
      heading: say("Bài đã khác từ lúc ấy", "The lesson has changed since"),
      mine: say("Trong bài", "In the lesson"),
      theirs: say("Trên máy này", "On this device"),
      keep: say("Giữ chữ trong bài", "Keep what is in the lesson"),
      take: say("Lấy chữ trên máy này", "Take what is on this device"),
    };
    this.conflict.open({ base: row.base, theirs: row.text, words }, (text) => {
      this.editor.take(text);
      this.saver.changed();
      this.saver.save();
      this.shelf.dropLeft(row);
    });
    this.conflict.show();
    return true;
  }
}

const form = document.querySelector("form[data-lesson-editor]");
if (form) new Desk(form);

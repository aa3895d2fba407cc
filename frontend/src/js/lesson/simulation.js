// A safe copy of a phone or a web form: each step expects one act; mistakes are explained, nothing is at stake.
import { button, icon } from "../dom.js";
import { NOWHERE, answer, arrive, ask, ending, plain, reveal, stage } from "./player.js";
import { drawDevice } from "./screen.js";

class Simulation {
  constructor(section, data, done, place) {
    this.place = place;
    this.data = data;
    this.done = done;
    this.parts = stage(section);
    this.say = this.parts.say;
    this.screens = Object.fromEntries(data.screens.map((screen) => [screen.id, screen]));
    this.begin(place.step);
  }

  get step() {
    return this.data.steps[this.at];
  }

  begin(from) {
    Object.assign(this, { at: 0, slips: new Set(), typed: {}, on: this.switches() }, from);
    const hint = button("button quiet", () => this.hint(), icon("lightbulb"), this.say("Gợi ý", "Hint"));
    const restart = button("button quiet", () => this.again(), icon("rotate-ccw"));
    restart.setAttribute("aria-label", this.say("Làm lại", "Restart"));
    this.parts.tools.replaceChildren(hint, restart);
    this.parts.actions.replaceChildren();
    this.show();
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.parts.words);
  }

  /** Switches begin as the task supposes: on, where the screen is about turning something off. */
  switches() {
    const on = {};
    for (const screen of this.data.screens) {
      const off = this.data.steps.some((s) => s.screen === screen.id && /(^|\s)tắt(?=\s|$|[.,])|turn off/i.test(s.say));
      for (const element of screen.elements) on[element.id] = element.kind === "switch" && off;
    }
    return on;
  }

  show() {
    const { parts, step } = this;
    this.tries = 0;
    ask(parts, this.at, this.data.steps.length, step.say);
    answer(parts, "", "");
    parts.body.replaceChildren(drawDevice(this.data.device, this.screens[step.screen], this.data.steps, this));
  }

  tap(id) {
    if (this.step.tap !== id) return this.wrong(id);
    if (id in this.on) this.on[id] = !this.on[id];
    return this.right();
  }

  enter(id, text) {
    if (this.step.field !== id || !this.step.type.some((accepted) => plain(accepted) === plain(text))) return this.wrong(id);
    this.typed[id] = text;
    return this.right();
  }

  wrong(id) {
    this.slips.add(this.at);
    const why = this.step.wrong?.[id] ?? this.step.wrong?.other;
    this.tries += 1;
    answer(this.parts, "bad", why ?? this.say("Chưa phải chỗ này. Hãy đọc lại việc cần làm.", "Not this one. Read again what to do."));
    if (this.tries > 1) this.wanted.classList.add("pointed");
    reveal(this.parts, this.wanted);
  }

  right() {
    const { ok } = this.step;
    const all = this.data.steps.length;
    this.at += 1;
    const { at, slips, typed, on } = this;
    this.place.keep(at < all ? { at, slips, typed, on } : null);
    if (at === all) {
      const missed = [...this.slips].sort((a, b) => a - b).map((slip) => this.data.steps[slip].say);
      return this.done(ending(this.parts, this.data, missed, all, () => this.again(), ok));
    }
    this.show();
    answer(this.parts, "good", ok);
    arrive(this.parts, this.parts.words);
    return reveal(this.parts, this.wanted);
  }

  hint() {
    this.slips.add(this.at);
    answer(this.parts, "hint", this.step.hint);
    this.wanted.classList.add("pointed");
    reveal(this.parts, this.wanted);
  }

  /** What is to be pressed or filled in now. */
  get wanted() {
    const node = this.parts.body.querySelector(`[data-el="${this.step.tap ?? this.step.field}"]`);
    return node.closest("form") ?? node;
  }
}

export const mountSimulation = (section, data, done, place = NOWHERE) => new Simulation(section, data, done, place);

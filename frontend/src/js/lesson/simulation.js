// A safe copy of a phone or a web form: each step expects one act; mistakes are explained, nothing is at stake.
import { button, icon } from "../dom.js";
import { answer, arrive, ask, ending, plain, stage } from "./player.js";
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
    this.shown = null;
    const { actions } = this.parts;
    const hint = button("button quiet", () => this.hint(), icon("lightbulb"), this.say("Gợi ý", "Hint"));
    actions.replaceChildren(hint, button("button plain", () => this.again(), this.say("Làm lại", "Restart")));
    this.show();
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.heading);
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

  get heading() {
    return this.parts.body.querySelector("h3");
  }

  show() {
    const { parts, step } = this;
    ask(parts, this.at, this.data.steps.length, step.say);
    answer(parts, "", "");
    parts.body.replaceChildren(drawDevice(this.data.device, this.screens[step.screen], this.data.steps, this));
    this.shown = step.screen;
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
    answer(this.parts, "bad", why ?? this.say("Chưa phải chỗ này. Hãy đọc lại việc cần làm.", "Not this one. Read again what to do."));
  }

  right() {
    const { ok } = this.step;
    const all = this.data.steps.length;
    this.at += 1;
    const { at, slips, typed, on } = this;
    this.place.keep(at < all ? { at, slips, typed, on } : null);
    if (this.at === all) {
      const good = all - this.slips.size;
      ending(this.parts, this.data, good, all, () => this.again());
      return this.done(good / all);
    }
    this.show();
    answer(this.parts, "good", ok);
    return arrive(this.parts, this.heading);
  }

  hint() {
    this.slips.add(this.at);
    answer(this.parts, "hint", this.step.hint);
    this.parts.body.querySelector(`[data-el="${this.step.tap ?? this.step.field}"]`)?.classList.add("pointed");
  }
}

export const mountSimulation = (section, data, done, place) => new Simulation(section, data, done, place);

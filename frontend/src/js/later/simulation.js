// A safe copy of a phone or a web form: each step expects one act; mistakes are explained, nothing is at stake.
import { answer, arrive, ask, button, el, ending, icon, plain, reveal, stage, take } from "./kit.js";
import { drawScreen } from "./screen.js";

const MENDED = 7; // how much an effect without a slider changes, of 10

/** What is amiss with the value of an act, as a key of the step's `wrong`; nothing where it is right. */
function slipOf(step, id, value) {
  if (step.type?.some((accepted) => plain(accepted) === plain(value))) return "";
  if (step.type) return step.dial && Object.keys(step.wrong ?? {}).includes(value) ? value : id;
  if (!step.drag) return "";
  return value < (step.at_least ?? 0) ? "low" : value > (step.at_most ?? 10) ? "high" : "";
}

class Simulation {
  constructor(section, data, done, place) {
    const parts = stage(section);
    Object.assign(this, { place, data, done, parts, say: parts.say });
    this.screens = Object.fromEntries(data.screens.map((screen) => [screen.id, screen]));
    this.parts.box.addEventListener("keydown", (event) => this.keys?.(event));
    this.begin(place.step);
  }

  get step() {
    return this.data.steps[this.at];
  }

  begin(from) {
    Object.assign(this, { at: 0, slips: new Set(), typed: {}, levels: {}, looks: {}, on: this.switches() }, from);
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
    this.keys = null;
    ask(parts, this.at, this.data.steps.length, step.say);
    answer(parts, "", "");
    this.device = el("div", { class: `device ${this.data.device}` });
    this.device.append(...drawScreen(this.data.device, this.screens[step.screen], this.data.steps, this));
    parts.body.replaceChildren(this.device);
    this.paint();
  }

  /** How the screen looks by now: what makes it hard to see, and what was done about it. */
  paint() {
    const { look } = this.screens[this.step.screen];
    const looks = { ...(look && { [look]: 1 }), ...this.looks };
    this.device.dataset.look = Object.keys(looks).join(" ");
    for (const [name, level] of Object.entries(looks)) this.device.style.setProperty(`--${name}`, level);
  }

  /** A slider moves: what it changes is seen at once. */
  slide(id, level) {
    const { effect } = this.data.steps.find((step) => step.drag === id && step.effect) ?? {};
    this.levels[id] = level;
    if (effect) this.looks[effect] = level;
    this.paint();
  }

  isRight(id, value) {
    return this.step.drag === id && !slipOf(this.step, id, value);
  }

  /** An element was acted on: `tap`, `swipe` or `hold`, or with a value `field`, `dial` or `drag`. */
  did(act, id, value) {
    const { step, say } = this;
    if (act === "tap" && step.swipe === id) return this.short(id, say("Chạm chưa đủ: đặt ngón tay lên, rồi kéo theo mũi tên.", "Tapping is not enough: put a finger on it and pull along the arrow."));
    if (act === "tap" && step.hold === id) return this.short(id, say("Chạm nhanh chưa đủ: hãy giữ ngón tay ở đó.", "A quick tap is not enough: keep your finger on it."));
    if (act !== "tap" && step.tap === id) return this.nudge(say("Chỉ chạm nhẹ một cái.", "Just tap it once."));
    const slip = step[act] === id ? slipOf(step, id, value) : id;
    if (slip) return this.wrong(slip);
    if (id in this.on) this.on[id] = !this.on[id];
    if (act === "field") this.typed[id] = value;
    return this.right();
  }

  /** The right thing, but not far or long enough: no slip; from now on it can be done with a button too. */
  short(id, words) {
    this.wanted.classList.add("eased");
    this.nudge(this.step.wrong?.[id] ?? words);
  }

  nudge(words) {
    answer(this.parts, "hint", words);
    reveal(this.parts, this.wanted);
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
    const { ok, drag, effect } = this.step;
    const all = this.data.steps.length;
    this.at += 1;
    if (effect && !drag) this.looks[effect] = MENDED;
    const { at, slips, typed, on, levels, looks } = this;
    this.place.keep(at < all ? { at, slips, typed, on, levels, looks } : null);
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
    this.wanted.classList.add("pointed");
    this.nudge(this.step.hint);
  }

  /** What is to be pressed or filled in now. */
  get wanted() {
    const { tap, field, dial, swipe, hold, drag } = this.step;
    const node = this.parts.body.querySelector(`[data-el="${tap ?? field ?? dial ?? swipe ?? hold ?? drag}"]`);
    return node.closest("form, .gesture, .el-slider") ?? node;
  }
}

export default (kit, ...practice) => {
  take(kit);
  return new Simulation(...practice);
};

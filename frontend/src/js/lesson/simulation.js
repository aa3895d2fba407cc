// A safe copy of a phone or a web form: each step expects one act; mistakes are explained, nothing is at stake.
import { el, icon, say } from "../dom.js";
import { answer, answerLine, ending, plain, stage } from "./player.js";

const PASSIVE = { text: "p", heading: "p", bubble: "p", picture: "div" };

function passive(element) {
  const node = el(PASSIVE[element.kind], { class: `el el-${element.kind}` });
  if (element.icon) node.append(icon(element.icon));
  node.append(el("span", {}, element.label));
  return node;
}

function note(element) {
  return element.note ? el("small", {}, element.note) : null;
}

export function mountSimulation(section, data, done) {
  const box = stage(section);
  const screens = Object.fromEntries(data.screens.map((screen) => [screen.id, screen]));
  let at = 0;
  let slips = new Set();
  const line = answerLine();

  const step = () => data.steps[at];
  const wrong = (id) => {
    slips.add(at);
    const why = step().wrong?.[id] ?? step().wrong?.other;
    answer(line, why ?? say("Chưa phải chỗ này. Hãy đọc lại việc cần làm.", "Not this one. Read again what to do."), "bad");
  };
  const right = () => {
    const words = step().ok;
    at += 1;
    if (at < data.steps.length) show(words);
    else {
      const good = data.steps.length - slips.size;
      ending(box, data, good, data.steps.length, restart);
      done(good / data.steps.length);
    }
  };
  const tapped = (id) => (step().tap === id ? right() : wrong(id));
  const typed = (id, text) => {
    if (step().field !== id) return wrong(id);
    return step().type.some((accepted) => plain(accepted) === plain(text)) ? right() : wrong(id);
  };

  function field(element) {
    const input = el("input", { id: `f-${element.id}`, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    const go = el("button", { class: "button quiet", type: "submit" }, say("Xong", "Done"));
    const submit = (event) => {
      event.preventDefault();
      typed(element.id, input.value);
    };
    return el("div", { class: "el el-field", "data-el": element.id }, el("label", { for: input.id }, element.label), el("form", { on: { submit } }, input, go), note(element));
  }

  function active(element) {
    if (element.kind === "field") return field(element);
    const text = el("span", {}, element.label, note(element));
    const node = el("button", { class: `el el-${element.kind}`, type: "button", "data-el": element.id, on: { click: () => tapped(element.id) } });
    if (element.icon) node.append(icon(element.icon));
    node.append(text);
    return node;
  }

  function drawn(screen) {
    const body = el("div", { class: "screen" }, el("h3", { tabindex: "-1" }, screen.title));
    const apps = el("div", { class: "apps" });
    for (const element of screen.elements) {
      const expected = data.steps.some((s) => s.screen === screen.id && (s.tap === element.id || s.wrong?.[element.id]));
      if (element.kind === "app") apps.append(active(element));
      else if (element.kind in PASSIVE && !expected) body.append(passive(element));
      else body.append(active(element));
      if (apps.childElementCount && !apps.parentNode) body.append(apps);
    }
    return body;
  }

  function show(words = "") {
    const screen = screens[step().screen];
    const counter = say(`Việc ${at + 1} trên ${data.steps.length}`, `Step ${at + 1} of ${data.steps.length}`);
    const bar = data.device === "web" ? screen.address || screen.title : counter;
    const before = box.querySelector(".device");
    const device = el("div", { class: `device ${data.device}` }, el("div", { class: "device-bar", "aria-hidden": "true" }, bar), drawn(screen));
    const hint = el("button", { class: "button quiet", type: "button", on: { click: point } }, say("Gợi ý", "Hint"));
    const again = el("button", { class: "button plain", type: "button", on: { click: restart } }, say("Làm lại", "Restart"));
    box.replaceChildren(el("p", { class: "say" }, el("small", {}, counter), step().say), device, line, el("p", { class: "actions" }, hint, again));
    answer(line, words, words ? "good" : "");
    if (before) device.querySelector("h3").focus({ preventScroll: true });
  }

  function point() {
    slips.add(at);
    answer(line, step().hint, "");
    box.querySelector(`[data-el="${step().tap ?? step().field}"]`)?.classList.add("pointed");
  }

  function restart() {
    at = 0;
    slips = new Set();
    show();
  }

  restart();
}

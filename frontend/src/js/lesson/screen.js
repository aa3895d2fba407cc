// Draws one simulated screen: a phone's or a web page's.
import { button, el, icon } from "../dom.js";

const PASSIVE = { text: "p", heading: "h5", bubble: "p", picture: "div" };
const GROUPED = { app: "apps", picture: "pictures" };

/** Kinds of this screen's elements that can be tapped: those that always can, and those that some step speaks of. */
function tappable(screen, steps) {
  const spoken = new Set(steps.filter((s) => s.screen === screen.id).flatMap((s) => [s.tap, ...Object.keys(s.wrong ?? {})]));
  return (kind) => !(kind in PASSIVE) || screen.elements.some((e) => e.kind === kind && spoken.has(e.id));
}

function contents(element) {
  const sign = element.icon ? el("span", { class: "sign" }, icon(element.icon)) : null;
  return [sign, el("span", { class: "words" }, element.label, element.note ? el("small", {}, element.note) : null)];
}

function field(element, play) {
  const id = `f-${element.id}`;
  const input = el("input", { id, autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-el": element.id });
  input.value = play.typed[element.id] ?? "";
  const submit = (event) => {
    event.preventDefault();
    play.enter(element.id, input.value);
  };
  const go = el("button", { class: "button quiet", type: "submit" }, play.say("Xong", "Done"));
  const note = element.note ? el("small", {}, element.note) : null;
  return el("form", { class: "el el-field", on: { submit } }, el("label", { for: id }, element.label), note, el("span", { class: "entry" }, input, go));
}

function one(element, play, active) {
  if (element.kind === "field") return field(element, play);
  if (!active) return el(PASSIVE[element.kind], { class: `el el-${element.kind}` }, ...contents(element));
  const node = button(`el el-${element.kind}`, () => play.tap(element.id), ...contents(element));
  node.dataset.el = element.id;
  if (element.kind === "switch") {
    node.setAttribute("role", "switch");
    node.setAttribute("aria-checked", String(play.on[element.id]));
  }
  return node;
}

function bar(device, screen, say) {
  if (device === "phone") return el("div", { class: "device-bar", "aria-hidden": "true" }, "9:41", el("span", {}, icon("wifi"), icon("battery-full")));
  const label = el("span", { class: "visually-hidden" }, say("Địa chỉ trang: ", "Address: "));
  return el("div", { class: "device-bar" }, icon("globe"), el("span", {}, label, screen.address || screen.title));
}

/**
 * The device with one screen on it. play: {say, typed, on, tap(id), enter(id, text)}.
 */
export function drawDevice(device, screen, steps, play) {
  const body = el("div", { class: "screen" }, el("h4", {}, screen.title));
  const can = tappable(screen, steps);
  for (const element of screen.elements) {
    const node = one(element, play, can(element.kind));
    const group = GROUPED[element.kind];
    if (!group) body.append(node);
    else if (body.lastElementChild.classList.contains(group)) body.lastElementChild.append(node);
    else body.append(el("div", { class: group }, node));
  }
  return el("div", { class: `device ${device}` }, bar(device, screen, play.say), body);
}

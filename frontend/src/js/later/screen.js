// Draws one simulated screen: a phone's or a web page's.
import { dress, keypad, slider } from "./gestures.js";
import { button, el, icon } from "./kit.js";

const PASSIVE = { text: "p", heading: "h5", bubble: "p", picture: "div" };
const DRAWN = { field, keypad, slider };
const GROUPED = { app: "apps", picture: "pictures" };

/** Kinds of this screen's elements that can be tapped: those that always can, and those that some step speaks of. */
function tappable(screen, steps) {
  const spoken = new Set(steps.flatMap((s) => [s.tap, s.hold, ...Object.keys(s.wrong ?? {})]));
  return ({ kind, swipe }) => swipe || !(kind in PASSIVE) || screen.elements.some((e) => e.kind === kind && spoken.has(e.id));
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
    play.did("field", element.id, input.value);
  };
  const go = el("button", { class: "button quiet", type: "submit" }, play.say("Xong", "Done"));
  const note = element.note ? el("small", {}, element.note) : null;
  return el("form", { class: "el el-field", on: { submit } }, el("label", { for: id }, element.label), note, el("span", { class: "entry" }, input, go));
}

function one(element, play, active, held) {
  const { kind, id, colour, swipe } = element;
  if (kind in DRAWN) return DRAWN[kind](element, play);
  if (!active) return el(PASSIVE[kind], { class: `el el-${kind}`, "data-colour": colour }, ...contents(element));
  const node = button(`el el-${kind}`, () => play.did("tap", id), ...contents(element));
  node.dataset.el = id;
  if (colour) node.dataset.colour = colour;
  if (kind === "switch") {
    node.setAttribute("role", "switch");
    node.setAttribute("aria-checked", String(play.on[id]));
  }
  return swipe || held ? dress(node, element, play) : node;
}

function bar(device, screen, say) {
  if (device === "phone") return el("div", { class: "device-bar", "aria-hidden": "true" }, "9:41", el("span", {}, icon("wifi"), icon("battery-full")));
  const label = el("span", { class: "visually-hidden" }, say("Địa chỉ trang: ", "Address: "));
  return el("div", { class: "device-bar" }, icon("globe"), el("span", {}, label, screen.address || screen.title));
}

/**
 * What a device shows. play: the simulation, told by `did(act, id, value)` what was done to an element.
 */
export function drawScreen(device, screen, allSteps, play) {
  const body = el("div", { class: "screen" }, el("h4", {}, screen.title));
  const steps = allSteps.filter((step) => step.screen === screen.id);
  const can = tappable(screen, steps);
  const held = steps.some((step) => step.hold);
  for (const element of screen.elements) {
    const node = one(element, play, can(element), held);
    const group = GROUPED[element.kind];
    if (!group) body.append(node);
    else if (body.lastElementChild.classList.contains(group)) body.lastElementChild.append(node);
    else body.append(el("div", { class: group }, node));
  }
  return [bar(device, screen, play.say), body];
}

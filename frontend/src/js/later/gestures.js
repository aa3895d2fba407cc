// What fingers do to a simulated screen besides tapping and typing: swipe, hold, press a number, drag. Each has a way
// for keys, and a button that stands in for it: shown when the keyboard reaches it, or after a try that fell short.
import { button, el, icon } from "./kit.js";

const NEAR = 8; // what moves no further is a tap
const FAR = 56;
const LONG = 600;
const KEYS = "123456789*0#";
const LETTERS = ["", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"];
const WAYS = {
  left: [-1, 0, "ArrowLeft", "Vuốt sang trái", "Swipe left"],
  right: [1, 0, "ArrowRight", "Vuốt sang phải", "Swipe right"],
  up: [0, -1, "ArrowUp", "Vuốt lên", "Swipe up"],
  down: [0, 1, "ArrowDown", "Vuốt xuống", "Swipe down"],
};

const ENDS = ["pointerup", "pointercancel", "lostpointercapture"];
let pressed = false; // a finger or a key is down
let quiet = false; // its gesture is done: neither its end nor what it repeats does anything, also to what came in its place

const listen = (names, listener, node = window) => names.forEach((name) => node.addEventListener(name, listener, node === window));
const isMain = (event) => event.isPrimary && !event.button;

listen(["click", "contextmenu", "keydown"], (event) => {
  if (!quiet || (event.key && !event.repeat)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
});
listen(["pointerdown", "pointerup", "pointercancel", "keydown", "keyup"], ({ type, isPrimary, repeat }) => {
  if (isPrimary === false || repeat) return;
  pressed = type.endsWith("down");
  if (pressed) quiet = false;
  else setTimeout(() => (quiet = false), 50);
});

/** Follow the finger along its way; beyond FAR it is a swipe. What goes across it, or scrolls the page, is nothing. */
function swiping(node, [x, y, key], done, short) {
  let start = null;
  const isIts = (event) => event.pointerId === start?.pointerId;
  const wayOf = ({ clientX, clientY }) => {
    const [right, down] = [clientX - start.clientX, clientY - start.clientY];
    return [right * x + down * y, Math.abs(right * y + down * x)];
  };
  const move = (to) => (node.style.transform = to > 0 ? `translate(${x * to}px, ${y * to}px)` : "");
  const end = (event) => {
    if (!isIts(event)) return;
    const [along, across] = wayOf(event);
    start = null;
    move(0);
    if (event.type !== "pointerup" || Math.hypot(along, across) <= NEAR) return;
    quiet = true;
    if (along > Math.max(FAR, across)) done();
    else if (Math.abs(along) >= across) short();
  };
  node.addEventListener("pointerdown", (event) => {
    if (!isMain(event)) return;
    start = event;
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => isIts(event) && move(Math.min(2 * FAR, wayOf(event)[0])));
  listen(ENDS, end, node);
  node.addEventListener("keydown", (event) => {
    if (event.key !== key) return;
    event.preventDefault();
    done();
  });
}

/** A finger or a key that stays for LONG holds; what is shorter is a tap. The key or press for a menu holds as well. */
function holding(node, done) {
  let timer = 0;
  const end = (event) => {
    if (event?.isPrimary === false) return;
    clearTimeout(timer);
    timer = 0;
    node.classList.remove("held");
  };
  const hold = () => {
    end();
    quiet = pressed;
    done();
  };
  const begin = () => {
    if (timer) return;
    node.classList.add("held");
    timer = setTimeout(hold, LONG);
  };
  const isPress = (event) => [" ", "Enter"].includes(event.key) && !event.preventDefault();
  node.addEventListener("pointerdown", (event) => isMain(event) && begin());
  listen([...ENDS, "pointerleave", "blur"], end, node);
  node.addEventListener("keydown", (event) => isPress(event) && !event.repeat && begin());
  node.addEventListener("keyup", (event) => {
    const short = timer;
    end();
    if (isPress(event) && short) node.click();
  });
  node.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    hold();
  });
}

/** An element that is swiped or held, with the button that stands in for the gesture. */
export function dress(node, element, play) {
  const { id, label, swipe } = element;
  const act = swipe ? "swipe" : "hold";
  const [, , , vi, en] = WAYS[swipe] ?? [0, 0, "", "Giữ lâu", "Press and hold"];
  const done = () => play.did(act, id);
  if (swipe) swiping(node, WAYS[swipe], done, () => play.did("tap", id));
  else holding(node, done);
  node.classList.add(act);
  node.dataset.way = swipe ?? "";
  return el("div", { class: "gesture" }, node, button("button quiet instead", done, `${play.say(vi, en)}: ${label}`));
}

/** A telephone's keypad, or one for a PIN; keys of a real keyboard work wherever the focus is in the practice. */
export function keypad({ id, label, secret }, play) {
  const shown = el("output", { class: "dialled" });
  let digits = "";
  const put = (now) => {
    digits = now.slice(0, 15);
    shown.textContent = secret ? "•".repeat(digits.length) : digits;
  };
  const erase = () => put(digits.slice(0, -1));
  const call = () => {
    const number = digits;
    put("");
    if (number) play.did("dial", id, number);
    else play.nudge(play.say("Hãy bấm số trước.", "Press the number first."));
  };
  const named = (name, node) => node.setAttribute("aria-label", name) ?? node;
  const key = (sign, n) => button("key", () => put(digits + sign), sign, LETTERS[n] && !secret ? el("small", { "aria-hidden": "true" }, LETTERS[n]) : null);
  const back = named(play.say("Xoá một số", "Erase a digit"), button("key plain", erase, icon("delete")));
  const go = secret ? button("key go", call, play.say("Xong", "Done")) : named(play.say("Gọi", "Call"), button("key go call", call, icon("phone")));
  const keys = [...KEYS].map(key);
  if (secret) keys.splice(9, 3, back, keys[10], go);
  else keys.push(el("span"), go, back);
  play.keys = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea")) return;
    if (KEYS.includes(event.key)) put(digits + event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter" && !event.target.closest("button")) call();
  };
  return el("div", { class: "el el-keypad", role: "group", "aria-label": label, "data-el": id }, shown, el("div", { class: "dialpad" }, ...keys));
}

/** Judge a slider: at once where a finger lets go of it; moved in steps, once it is right, else with Enter or left. */
function judging(input, isRight, judge) {
  let dragged = false;
  let moved = false;
  const now = () => {
    moved = false;
    judge();
  };
  const letGo = () => setTimeout(() => (dragged = false), 50);
  input.addEventListener("pointerdown", () => (dragged = true));
  listen(ENDS, letGo, input);
  input.addEventListener("keydown", ({ key }) => {
    dragged = false;
    if (key === "Enter") now();
  });
  input.addEventListener("change", () => {
    moved = true;
    if (dragged || isRight()) now();
  });
  input.addEventListener("blur", () => moved && document.activeElement !== input && now());
}

/** A slider; where another thing was asked for, it goes back. */
export function slider({ id, label, note, value, icon: sign }, play) {
  const name = `f-${id}`;
  const begun = play.levels[id] ?? value;
  const input = el("input", { id: name, type: "range", min: 0, max: 10, value: begun, "data-el": id, "aria-describedby": `${name}-keys` });
  const tell = () => {
    const level = Number(input.value);
    input.setAttribute("aria-valuetext", play.say(`nấc ${level} trên 10`, `${level} of 10`));
    play.slide(id, level);
  };
  const judge = () => {
    const level = Number(input.value);
    if (play.step.drag !== id) input.value = begun;
    tell();
    play.did("drag", id, level);
  };
  input.addEventListener("input", tell);
  judging(input, () => play.isRight(id, Number(input.value)), judge);
  tell();
  const ends = ["small", "big"].map((size) => (sign ? el("span", { class: `sign ${size}` }, icon(sign)) : null));
  const row = el("span", { class: "track" }, ends[0], input, ends[1]);
  const keys = el("small", { id: `${name}-keys`, class: "for-keys" }, play.say("Mũi tên để chỉnh, Enter khi vừa ý.", "Arrows move it, Enter when it is right."));
  return el("div", { class: "el el-slider" }, el("label", { for: name }, label, note ? el("small", {}, note) : null), row, keys);
}

// What fingers do to a simulated screen besides tapping and typing: swipe, hold, press a number, drag. Each has a way
// for keys, and a button that stands in for it: shown when the keyboard reaches it, or after a try that fell short.
import { button, el, icon } from "./kit.js";

const NEAR = 8; // what moves no further is a tap
const FAR = 56;
const LONG = 600;
const PAUSE = 1500;
const KEYS = "123456789*0#";
const LETTERS = ["", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"];
const WAYS = {
  left: [-1, 0, "ArrowLeft", "Vuốt sang trái", "Swipe left"],
  right: [1, 0, "ArrowRight", "Vuốt sang phải", "Swipe right"],
  up: [0, -1, "ArrowUp", "Vuốt lên", "Swipe up"],
  down: [0, 1, "ArrowDown", "Vuốt xuống", "Swipe down"],
};

/** The click that ends a gesture taps nothing, also not what came in its place while the finger was `down`. */
function hush(down) {
  const stop = (event) => event.stopImmediatePropagation();
  const over = (after) => setTimeout(() => removeEventListener("click", stop, true), after);
  addEventListener("click", stop, true);
  over(down ? PAUSE : 50);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => over(50), { once: true, capture: true });
}

/** Follow the finger along its way; beyond FAR it is a swipe. */
function swiping(node, [x, y, key], done, short) {
  let start = null;
  const wayOf = (event) => [event.clientX - start.clientX, event.clientY - start.clientY];
  const move = (to) => (node.style.transform = to > 0 ? `translate(${x * to}px, ${y * to}px)` : "");
  const end = (event) => {
    const [right, down] = start ? wayOf(event) : [0, 0];
    const tried = Math.hypot(right, down) > NEAR;
    start = null;
    move(0);
    if (tried) hush();
    if (event.type === "pointerup" && right * x + down * y > FAR) done();
    else if (tried) short();
  };
  node.addEventListener("pointerdown", (event) => {
    start = event;
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [right, down] = wayOf(event);
    move(Math.min(2 * FAR, right * x + down * y));
  });
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, end);
  node.addEventListener("keydown", (event) => {
    if (event.key !== key) return;
    event.preventDefault();
    done();
  });
}

/** A finger or a key that stays for LONG holds; what is shorter is a tap. The key or press for a menu holds as well. */
function holding(node, done) {
  let timer = 0;
  let down = false;
  const end = () => {
    clearTimeout(timer);
    timer = 0;
    node.classList.remove("held");
  };
  const hold = () => {
    end();
    if (down) hush(true);
    done();
  };
  const begin = () => {
    if (timer) return;
    node.classList.add("held");
    timer = setTimeout(hold, LONG);
  };
  const isPress = (event) => [" ", "Enter"].includes(event.key) && !event.preventDefault();
  node.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) node.addEventListener(name, end);
  for (const name of ["pointerdown", "pointerup", "pointercancel"]) node.addEventListener(name, () => (down = name === "pointerdown"));
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
    if (KEYS.includes(event.key)) put(digits + event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter" && !event.target.closest("button")) call();
  };
  return el("div", { class: "el el-keypad", role: "group", "aria-label": label, "data-el": id }, shown, el("div", { class: "dialpad" }, ...keys));
}

/** A slider: it is judged when it is let go of, or when keys have rested. */
export function slider({ id, label, note, value, icon: sign }, play) {
  const name = `f-${id}`;
  const input = el("input", { id: name, type: "range", min: 0, max: 10, value: play.levels[id] ?? value, "data-el": id });
  let byKeys = false;
  let timer;
  const tell = () => {
    const level = Number(input.value);
    input.setAttribute("aria-valuetext", play.say(`nấc ${level} trên 10`, `${level} of 10`));
    play.slide(id, level);
  };
  const judge = () => play.did("drag", id, Number(input.value));
  input.addEventListener("pointerdown", () => (byKeys = false));
  input.addEventListener("keydown", ({ key }) => {
    byKeys = key !== "Enter";
    if (!byKeys) judge();
  });
  input.addEventListener("input", tell);
  input.addEventListener("change", () => {
    clearTimeout(timer);
    if (!byKeys || play.isRight(id, Number(input.value))) judge();
    else timer = setTimeout(() => input.isConnected && judge(), PAUSE);
  });
  tell();
  const ends = ["small", "big"].map((size) => (sign ? el("span", { class: `sign ${size}` }, icon(sign)) : null));
  const row = el("span", { class: "track" }, ends[0], input, ends[1]);
  return el("div", { class: "el el-slider" }, el("label", { for: name }, label, note ? el("small", {}, note) : null), row);
}

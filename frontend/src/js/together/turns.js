// Two people on one phone, one practice in turns. Their names stay in this tab; what is recorded is recorded as always.
import { button, el, say } from "../dom.js";
import { TWO } from "./begin.js";

const KIN = say(
  ["Bà", "Ông", "Mẹ", "Bố", "Cô", "Chú", "Anh", "Chị", "Em", "Con", "Cháu", "Bạn"],
  ["Grandma", "Grandpa", "Mum", "Dad", "Aunt", "Uncle", "Brother", "Sister", "Daughter", "Son", "Grandchild", "Friend"],
);
const SECOND = say("Cháu", "Grandchild");
const LANGUAGE = document.documentElement.lang; // the lines stand within a lesson that may be in another
const LONGEST = 20;

/** A word of kin within a sentence is small: “Lượt của bà”. */
const inside = (name) => (KIN.includes(name) ? name.toLowerCase() : name);
const both = ([one, other], end) => say(`${one} và ${inside(other)} ${end[0]}`, `${one} and ${other} ${end[1]}`);
const whose = (name) => say(`Lượt của ${inside(name)}`, `${name}, your turn`);

function keep(names) {
  try {
    names ? sessionStorage.setItem(TWO, JSON.stringify(names)) : sessionStorage.removeItem(TWO);
  } catch {
    /* not kept: the turns are for this page */
  }
}

function write(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** Who is to act, above each step of the practice, each question, and at the end both. Returns what ends it. */
function follow(names) {
  const player = document.querySelector("[data-practice] .player");
  const end = document.querySelector("[data-end]");
  const turn = el("p", { class: "turn", lang: LANGUAGE, role: "status", tabindex: "-1" });
  const done = el("p", { class: "turn" });
  const questions = [...document.querySelectorAll("form[data-item]")].map((form, n) => {
    const line = el("p", { class: "turn", lang: LANGUAGE }, whose(names[n % 2]));
    form.prepend(line);
    return line;
  });
  const update = () => {
    const step = /\d+/.exec(player?.querySelector(".count")?.textContent ?? "");
    if (player?.querySelector(".finish")) write(turn, both(names, ["đã cùng làm xong.", "did it together."]));
    else if (step) write(turn, whose(names[(step[0] - 1) % 2]));
    if (end && !end.hidden) write(done, both(names, ["đã cùng học xong bài này.", "have learned this lesson together."]));
  };
  player?.before(turn);
  end?.prepend(done);
  const watch = new MutationObserver(update);
  for (const node of [player, end]) if (node) watch.observe(node, { childList: true, subtree: true, characterData: true, attributeFilter: ["hidden"] });
  update();
  return () => {
    watch.disconnect();
    for (const node of [turn, done, ...questions]) node.remove();
  };
}

function start(opener, names) {
  keep(names);
  const stop = follow(names);
  const bar = el("p", { class: "waiting two" }, `${both(names, ["đang học chung máy này.", "are learning on this phone."])} `);
  const alone = () => {
    stop();
    keep(null);
    bar.remove();
    opener.hidden = false;
    opener.focus();
  };
  bar.append(button("button plain", alone, say("Thôi, học một mình", "Learn alone")));
  opener.hidden = true;
  opener.parentNode.after(bar);
}

/** The tab goes on in turns, as in the lesson before. */
export function goOn(opener) {
  start(opener, JSON.parse(sessionStorage.getItem(TWO)));
}

/** Ask who the two are; words of kin are offered, a name may be typed. */
export function choose(opener) {
  if (document.querySelector("form.two")) return;
  const input = (value, label) => {
    const field = el("input", { value, maxlength: LONGEST, list: "kin", autocomplete: "off", required: true });
    return [field, el("p", { class: "field" }, el("label", {}, label, field))];
  };
  const [first, firstField] = input(KIN[0], say("Ai làm trước?", "Who goes first?"));
  const [second, secondField] = input(SECOND, say("Ai làm sau?", "Who goes second?"));
  const submit = (event) => {
    event.preventDefault();
    form.remove();
    start(opener, [first, second].map((field, n) => field.value.trim().slice(0, LONGEST) || KIN[n]));
    const turn = document.querySelector(".turn");
    turn?.scrollIntoView({ block: "start", behavior: "instant" });
    turn?.focus({ preventScroll: true });
  };
  const form = el(
    "form",
    { class: "card two", on: { submit } },
    el("p", {}, say("Hai người, một máy: mỗi người làm một bước. Kết quả vẫn ghi cho người đang học trên máy này; hai tên không rời khỏi máy.", "Two people, one phone: each does one step. The result is still that of whoever learns on this phone; the names never leave it.")),
    firstField,
    secondField,
    el("datalist", { id: "kin" }, ...KIN.map((value) => el("option", { value }))),
    el("p", { class: "actions" }, el("button", { class: "button" }, say("Bắt đầu", "Start"))),
  );
  opener.parentNode.after(form);
  first.select();
  form.scrollIntoView({ block: "nearest", behavior: "instant" });
}

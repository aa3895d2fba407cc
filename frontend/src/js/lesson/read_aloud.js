// Reads the lesson aloud with the device's own voice, block by block, and says so when there is none.
import { sayIn } from "../dom.js";

const BLOCKS =
  ".lesson h1, .promise, .article h2, .article h3, .article p:not(.count), .article li, .article figcaption, .article summary, .option > span, .bins button, .replies button, .screen h4, .screen .words, .end h2, .end h3, .end p";
const LISTEN = 2500;
const say = sayIn(document.documentElement);
let button;
let current = null;
let reading = false;
let through = true;
let turn = 0;

/** What can be read now, in order: seen, with words, and of two nested blocks the inner one. */
function blocks() {
  const all = [...document.querySelectorAll(BLOCKS)].filter((node) => node.offsetParent && node.innerText.trim() && !node.closest(".dock .actions, .visually-hidden"));
  return all.filter((node) => !all.some((other) => other !== node && node.contains(other)));
}

function tell(words) {
  document.querySelector("[data-aloud-status]").textContent = words;
}

/** What is said when the device cannot read: the lesson spoken by the site, where there is one, is at hand. */
function tellInstead(words) {
  tell(words);
  const spoken = document.querySelector(".tools [href='nghe/']");
  if (spoken) document.querySelector("[data-aloud-status]").append(" ", spoken.cloneNode(true));
}

function light(node) {
  current?.classList.remove("aloud");
  node?.classList.add("aloud");
  node?.scrollIntoView({ block: "nearest", behavior: "instant" });
  current = node;
}

function stop() {
  turn += 1;
  speechSynthesis.cancel();
  light(null);
  reading = false;
  button.querySelector("span").textContent = say("Đọc to", "Read aloud");
}

function silent(language) {
  stop();
  (language === "en" ? tell : tellInstead)(
    language === "en"
      ? say("Máy này chưa có giọng đọc tiếng Anh.", "This device has no English voice.")
      : say(
          "Máy này chưa có giọng đọc tiếng Việt. Vào Cài đặt, tìm “Chuyển văn bản thành giọng nói”, tải giọng tiếng Việt rồi thử lại.",
          "This device has no Vietnamese voice. Look for “Text-to-speech” in Settings, add Vietnamese, then try again.",
        ),
  );
}

/** The voices of the device; they may come a moment after they are asked for. */
function voices() {
  const here = speechSynthesis.getVoices();
  if (here.length) return Promise.resolve(here);
  return new Promise((tell) => {
    speechSynthesis.addEventListener("voiceschanged", () => tell(speechSynthesis.getVoices()), { once: true });
    setTimeout(() => tell(speechSynthesis.getVoices()), 1000);
  });
}

function after(node) {
  const all = blocks();
  if (node.isConnected) return all.find((other) => node.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING && !node.contains(other));
  return all.find((other) => other.closest(".player")); // the practice went on meanwhile
}

async function read(node) {
  if (!node) return stop();
  const mine = ++turn;
  const language = node.closest("[lang]").lang;
  const known = await voices();
  if (mine !== turn) return undefined;
  const voice = known.find((other) => other.lang.toLowerCase().startsWith(language));
  if (known.length && !voice) return silent(language);
  const speech = new SpeechSynthesisUtterance(node.innerText.trim());
  const unheard = setTimeout(() => mine === turn && silent(language), LISTEN);
  speech.lang = language === "en" ? "en-US" : "vi-VN";
  speech.rate = 0.9;
  if (voice) speech.voice = voice;
  speech.onstart = () => clearTimeout(unheard);
  speech.onerror = () => mine === turn && silent(language);
  speech.onend = () => {
    clearTimeout(unheard);
    if (mine === turn) through ? read(after(node)) : light(null);
  };
  light(node);
  speechSynthesis.cancel();
  return speechSynthesis.speak(speech);
}

/** A paragraph that is tapped while reading is on is read, and only that. */
function tapped(event) {
  if (!reading || event.target.closest("a, button, input, select, label, summary")) return;
  const node = blocks().find((block) => block.contains(event.target));
  if (!node) return;
  through = false;
  read(node);
}

/** Begin where the reader is, or stop. */
export function readAloud(pressed) {
  if (!("speechSynthesis" in window)) return tellInstead(say("Trình duyệt này chưa đọc to được.", "This browser cannot read aloud."));
  if (!button) {
    button = pressed;
    document.addEventListener("click", tapped);
    addEventListener("pagehide", stop);
  }
  if (reading) {
    tell("");
    return stop();
  }
  reading = through = true;
  button.querySelector("span").textContent = say("Dừng đọc", "Stop reading");
  tell(say("Chạm vào một đoạn để nghe riêng đoạn đó.", "Tap a paragraph to hear just that one."));
  return read(blocks()[0]);
}

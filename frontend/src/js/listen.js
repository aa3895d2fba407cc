// A lesson to listen to: play and pause, how fast, from which paragraph; what is being said is lit and kept in view.
import { keepAll, kept, noteOf, SOUNDS } from "./device/pages.js";
import { say } from "./dom.js";

const LEFT_ALONE = 5000; // milliseconds after which whoever looked elsewhere is taken along again
const bar = document.querySelector("[data-listen]");
const audio = bar.querySelector("audio");
const play = bar.querySelector("[data-play]");
const seek = bar.querySelector("[data-seek]");
const clock = bar.querySelector("[data-clock]");
const status = document.querySelector("[data-listen-status]");
const pieces = [...document.querySelectorAll("[data-at]")];
const starts = pieces.map((piece) => Number(piece.dataset.at));
const words = { play: play.getAttribute("aria-label"), stop: play.dataset.stop };
let lit = null;
let looked = 0;

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Light what is said at this second, and keep it in view unless somebody has just looked elsewhere. */
function light(second) {
  const piece = pieces[starts.filter((at) => at <= second + 0.05).length - 1];
  if (piece === lit) return;
  lit?.classList.remove("now");
  lit?.removeAttribute("aria-current");
  lit = piece;
  lit?.classList.add("now");
  lit?.setAttribute("aria-current", "true");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (Date.now() - looked > LEFT_ALONE) lit?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

function show() {
  const now = audio.currentTime;
  seek.value = now;
  seek.setAttribute("aria-valuetext", minutes(now));
  clock.textContent = minutes(now);
  if (!audio.paused) light(now);
}

function begin() {
  status.textContent = "";
  if (audio.error) {
    const at = audio.currentTime; // after a fault the sound is asked for anew
    audio.load();
    audio.currentTime = at;
  }
  audio.play().catch((error) => error.name !== "AbortError" && broken());
}

function broken() {
  audio.pause();
  status.textContent = say("Chưa tải được âm thanh. Hãy xem lại mạng rồi bấm nghe lần nữa.", "The sound could not be loaded. Check your connection and press play again.");
}

/** Say it from this piece on. */
function from(piece) {
  looked = 0;
  audio.currentTime = Number(piece.dataset.at) + 0.01;
  light(audio.currentTime);
  begin();
}

function tapped(event) {
  const piece = event.target.closest("[data-at]");
  if (!piece || (event.target.closest("a") && !event.target.closest(".from")) || String(getSelection())) return;
  event.preventDefault();
  from(piece);
}

function playing(is) {
  play.classList.toggle("playing", is);
  play.setAttribute("aria-label", is ? words.stop : words.play);
}

function atSpeed(chosen) {
  audio.playbackRate = audio.defaultPlaybackRate = Number(chosen.dataset.speed);
  for (const other of bar.querySelectorAll("[data-speed]")) other.setAttribute("aria-pressed", String(other === chosen));
}

/** The keys of headphones and of a locked screen. */
function tellDevice() {
  if (!("mediaSession" in navigator) || !window.MediaMetadata) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title: bar.dataset.title, artist: "Học vụ số" });
}

/** Whether this browser plays it (Safari since 17). */
function mountPlayer() {
  if (!audio.canPlayType('audio/webm; codecs="opus"')) {
    status.textContent = say("Trình duyệt này chưa phát được bản nghe. Bạn mở bài rồi bấm “Đọc to” nhé.", "This browser cannot play the sound. Open the lesson and press “Read aloud”.");
    bar.hidden = true;
    return false;
  }
  audio.controls = false;
  for (const part of document.querySelectorAll("[data-play], [data-more], [data-tap]")) part.hidden = false;
  document.querySelector(".listen").classList.add("can-tap");
  play.addEventListener("click", () => (audio.paused ? begin() : audio.pause()));
  seek.addEventListener("input", () => {
    looked = 0;
    audio.currentTime = Number(seek.value);
    light(audio.currentTime);
  });
  for (const speed of bar.querySelectorAll("[data-speed]")) speed.addEventListener("click", () => atSpeed(speed));
  audio.addEventListener("play", () => playing(true));
  audio.addEventListener("playing", tellDevice, { once: true });
  audio.addEventListener("pause", () => playing(false));
  audio.addEventListener("timeupdate", show);
  audio.addEventListener("error", broken);
  audio.addEventListener("waiting", () => (status.textContent = say("Đang tải…", "Loading…")));
  audio.addEventListener("playing", () => (status.textContent = ""));
  document.querySelector(".listen").addEventListener("click", tapped);
  for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => (looked = Date.now()), { passive: true });
  return true;
}

/** Whether this page is saved with the very sound that it names. */
async function isKept() {
  const page = await kept(location.pathname);
  return Boolean(page && noteOf(page).pin === SOUNDS && noteOf(page).files.includes(new URL(audio.src).pathname));
}

async function mountKeeping() {
  const button = document.querySelector("[data-keep-sound]");
  if (!("caches" in window) || !("serviceWorker" in navigator)) return;
  const told = document.querySelector("[data-keep-status]");
  const done = () => {
    button.querySelector("span").textContent = say("Đã giữ trên máy", "Kept on this device");
    button.disabled = true;
  };
  button.hidden = false;
  if (await isKept().catch(() => false)) return done();
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = say("Đang tải về…", "Downloading…");
    navigator.storage?.persist?.().catch(() => false);
    try {
      await keepAll([location.pathname], document.documentElement.lang, { pin: SOUNDS, since: Date.now() });
      told.textContent = say("Mất mạng vẫn nghe được. Bài nằm ở “Đã lưu”.", "You can listen without a line. It is under “Saved”.");
      done();
    } catch {
      told.textContent = say("Chưa giữ được. Hãy kiểm tra mạng rồi thử lại.", "Could not keep it. Check your connection and try again.");
      button.disabled = false;
    }
  });
}

if (mountPlayer()) mountKeeping();

// Reads the lesson aloud with the device's own voice, block by block.
import { say } from "../dom.js";

export function mountReadAloud() {
  const button = document.querySelector("[data-read-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  const blocks = () =>
    [...document.querySelectorAll(".lesson h1, .promise, .article > p, .article > h2, .article > ul li, .steps li, .box p, .box li")]
      .map((node) => node.textContent.trim())
      .filter(Boolean);
  const label = button.querySelector("span");
  let reading = false;
  const stop = () => {
    speechSynthesis.cancel();
    reading = false;
    label.textContent = say("Đọc to", "Read aloud");
  };
  const start = () => {
    const voice = speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith("vi"));
    reading = true;
    label.textContent = say("Dừng đọc", "Stop reading");
    const texts = blocks();
    texts.forEach((text, index) => {
      const speech = new SpeechSynthesisUtterance(text);
      speech.lang = "vi-VN";
      speech.rate = 0.9;
      if (voice) speech.voice = voice;
      if (index === texts.length - 1) speech.onend = stop;
      speechSynthesis.speak(speech);
    });
  };
  button.hidden = false;
  button.addEventListener("click", () => (reading ? stop() : start()));
  addEventListener("pagehide", stop);
}

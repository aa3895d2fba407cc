// The line that says how the text stands: saved, on its way, kept on this device.
import { button, el, say } from "../../dom.js";

const clock = (when) => new Date(when).toLocaleTimeString(document.documentElement.lang === "en" ? "en-GB" : "vi", { hour: "2-digit", minute: "2-digit" });
const SLOW = 600; // a save that is quicker is not told

export class State {
  constructor(line) {
    Object.assign(this, { line, timer: 0, last: null });
    this.notes = el("div", { class: "editor-notes" });
  }

  say(words, kind = "", ...more) {
    clearTimeout(this.timer);
    if (more.length || this.line.dataset.kind !== kind || this.line.textContent !== words) this.line.replaceChildren(words, ...more);
    this.line.dataset.kind = kind;
  }

  saving() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(say("Đang lưu…", "Saving…"), "busy"), SLOW);
  }

  /** Without an answer of the site: nothing was to be saved, the last time holds. */
  saved({ merged, at } = this.last ?? {}) {
    this.last = { merged, at: at ?? Date.now() };
    const time = clock(this.last.at);
    const other = say(", ghép với chữ của người khác", ", merged with what somebody else wrote");
    this.say(say(`Đã lưu lúc ${time}`, `Saved at ${time}`) + (merged ? other : ""), "good");
  }

  taken({ by, at }) {
    const [who, time] = [by || say("Người khác", "Somebody else"), clock(at ?? Date.now())];
    this.say(say(`${who} vừa sửa lúc ${time}. Chữ trên trang đã mới.`, `${who} changed this at ${time}. The page is up to date.`), "good");
  }

  waiting() {
    this.say(say("Chưa gửi được, chữ của bạn còn ở máy này. Trang tự thử lại.", "Not sent yet; what you wrote is on this device. The page tries again by itself."), "warn");
  }

  ended() {
    const again = el("a", { href: `/tai-khoan/dang-nhap/?next=${encodeURIComponent(location.pathname)}`, target: "_blank", rel: "opener" }, say("Đăng nhập ở thẻ mới", "Sign in in a new tab"));
    const words = say("Phiên đăng nhập đã hết. Chữ của bạn còn ở máy này, và được gửi khi bạn đăng nhập lại. ", "You have been signed out. What you wrote is on this device, and is sent when you sign in again. ");
    this.say(words, "warn", again);
  }

  faults({ faults }) {
    this.say(faults.length ? faults.join(" ") : say("Trang chưa nhận được bản này. Chữ của bạn còn ở máy này.", "The site did not take this. What you wrote is on this device."), "warn");
  }

  conflict({ by }, show) {
    const who = by || say("người khác", "somebody else");
    const words = say(`Bạn và ${who} cùng sửa một chỗ. Chữ của bạn còn ở máy này. `, `You and ${who} changed the same place. What you wrote is on this device. `);
    this.say(words, "warn", button("link", show, say("Xem hai bản", "See both")));
  }

  same() {}

  /** What an earlier page left on this device: into the lesson, or away. */
  offer(row, { restore, drop }) {
    const day = new Date(row.at).toLocaleDateString(document.documentElement.lang === "en" ? "en-GB" : "vi");
    const note = el("div", { class: "notice warn", role: "region", "aria-label": say("Chữ chưa gửi", "Text not sent") });
    const act = (then) => () => then() !== false && note.remove();
    const text = el("details", {}, el("summary", {}, say("Xem bản ấy", "See it")), el("pre", { class: "left-text" }, row.text));
    const words = say(`Trên máy này còn chữ bạn viết lúc ${clock(row.at)} ngày ${day}, chưa gửi được.`, `On this device is what you wrote at ${clock(row.at)} on ${day} and could not send.`);
    note.append(el("p", {}, words), text, el("p", { class: "actions" }, button("button", act(restore), say("Đưa vào bài", "Put it into the lesson")), button("button plain", act(drop), say("Bỏ bản ấy", "Throw it away"))));
    this.notes.append(note);
  }
}

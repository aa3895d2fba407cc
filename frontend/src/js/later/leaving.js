// Signing out, here or everywhere: what waits is sent first. What cannot be is left for its owner under an opaque key,
// or erased: one chooses. Nothing goes before the site has answered that one is signed out.
import { button, el, say, within } from "../dom.js";

const SENDING = 5000;
const LEAVING = 15000;

/** Whether the site ended the session; it answers by leading home. */
async function post(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", signal: within(LEAVING) });
  return answer.type === "opaqueredirect" || answer.ok;
}

class Leaving {
  constructor(device, form) {
    Object.assign(this, { device, form });
    this.note = el("div", { role: "status", tabindex: "-1" });
    form.append(this.note);
  }

  tell(kind, words, ...buttons) {
    this.note.className = kind;
    this.note.replaceChildren(el("p", {}, words), ...(buttons.length ? [el("p", { class: "actions" }, ...buttons)] : []));
    this.note.focus();
  }

  async begin() {
    this.tell("", say("Đang gửi…", "Sending…"));
    await Promise.race([this.device.flush(), new Promise((go) => setTimeout(go, SENDING))]);
    const count = await this.device.countWaiting();
    if (count) this.ask(count);
    else await this.leave();
  }

  ask(count) {
    const words = say(
      `${count} kết quả chưa gửi được. Đăng xuất bây giờ thì chúng ở lại trên máy này, không ghi tên, và chỉ được gửi khi chính bạn đăng nhập lại.`,
      `${count} results could not be sent. If you sign out now they stay on this device, without a name, and are only sent when you yourself sign in again.`,
    );
    const later = button("button", () => this.leave(), say("Đăng xuất, gửi sau", "Sign out, send later"));
    const drop = button("button danger", () => this.leave(true), say("Đăng xuất và xoá", "Sign out and erase"));
    this.tell("notice warn", words, later, drop);
  }

  async leave(erase = false) {
    const { device, form } = this;
    const key = device.account();
    this.tell("", say("Đang đăng xuất…", "Signing out…"));
    try {
      if (!(await post(form))) return this.tell("notice warn", say("Chưa đăng xuất được. Hãy thử lại.", "You are not signed out. Try again."));
    } catch {
      return this.tell("notice warn", say("Chưa đăng xuất được vì mất mạng. Bạn vẫn đang đăng nhập trên máy này.", "You are not signed out, for there is no line. You are still signed in on this device."));
    }
    await device.noMoreCalls().catch(() => {});
    if (erase) await device.change((put, drop) => drop(["act", key])).catch(() => {});
    location.href = "/";
  }
}

export default function mount(device, form) {
  const leaving = new Leaving(device, form);
  let under = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (under) return;
    under = true;
    await leaving.begin();
    under = false;
  });
}

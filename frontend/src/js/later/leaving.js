// Signing out: what waits is sent first. What cannot be is left for its owner under an opaque key, or erased: one chooses.
import { button, el, say } from "../dom.js";

const erase = ({ change, account }) => change((put, drop) => drop(["act", account()]));

function ask(device, form, count) {
  const words = say(
    `${count} kết quả chưa gửi được. Đăng xuất bây giờ thì chúng ở lại trên máy này, không ghi tên, và chỉ được gửi khi chính bạn đăng nhập lại.`,
    `${count} results could not be sent. If you sign out now they stay on this device, without a name, and are only sent when you yourself sign in again.`,
  );
  const leave = button("button", () => form.submit(), say("Đăng xuất, gửi sau", "Sign out, send later"));
  const drop = button("button danger", () => erase(device).then(() => form.submit()), say("Đăng xuất và xoá", "Sign out and erase"));
  const note = el("div", { class: "notice warn", role: "alert", tabindex: "-1" }, el("p", {}, words), el("p", { class: "actions" }, leave, drop));
  form.querySelector(".notice")?.remove();
  form.append(note);
  note.focus();
}

export default function mount(device, form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await device.flush();
    const count = await device.countWaiting();
    if (count) ask(device, form, count);
    else form.submit();
  });
}

// Messages to sort: each choice is explained.
import { el, say } from "../dom.js";
import { answer, answerLine, ending, stage } from "./player.js";

const CHANNELS = {
  sms: say("Tin nhắn", "Text message"),
  email: say("Thư điện tử", "E-mail"),
  chat: say("Tin trong ứng dụng", "Chat message"),
  call: say("Cuộc gọi", "Call"),
  post: say("Bài đăng", "Post"),
};

export function mountInbox(section, data, done) {
  const box = stage(section);
  let at = 0;
  let good = 0;

  function sort(message, bin, line, bins) {
    const right = message.bin === bin.id;
    good += right;
    const label = data.bins.find((b) => b.id === message.bin).label;
    answer(line, (right ? say("Đúng. ", "Right. ") : say(`Nên xếp vào “${label}”. `, `This belongs to “${label}”. `)) + message.why, right ? "good" : "bad");
    const last = at === data.messages.length - 1;
    const onward = el("button", { class: "button", type: "button", on: { click: next } }, last ? say("Xem kết quả", "See the result") : say("Tin tiếp theo", "Next message"));
    bins.replaceChildren(onward);
    onward.focus({ preventScroll: true });
  }

  function next() {
    at += 1;
    if (at < data.messages.length) return show(true);
    ending(box, data, good, data.messages.length, restart);
    return done(good / data.messages.length);
  }

  function show(focus = false) {
    const message = data.messages[at];
    const line = answerLine();
    const bins = el("div", { class: "bins" });
    for (const bin of data.bins) {
      bins.append(el("button", { class: "button quiet", type: "button", on: { click: () => sort(message, bin, line, bins) } }, bin.label));
    }
    const count = el("p", { class: "say", tabindex: "-1" }, say(`Tin ${at + 1} trên ${data.messages.length}`, `Message ${at + 1} of ${data.messages.length}`));
    const card = el("div", { class: "message" }, el("small", {}, `${CHANNELS[message.channel ?? "sms"]} · `), el("strong", {}, message.sender), el("p", {}, message.text));
    box.replaceChildren(count, card, bins, line);
    if (focus) count.focus({ preventScroll: true });
  }

  function restart() {
    at = good = 0;
    show();
  }

  restart();
}

// Messages to sort: each choice is explained.
import { button, el, icon, sayIn } from "../dom.js";
import { answer, arrive, ask, ending, stage } from "./player.js";

/** Icon and name of a channel; the icons are those the renderer puts into the sprite. */
const CHANNELS = {
  sms: ["message-square", ["Tin nhắn", "Text message"]],
  email: ["mail", ["Thư điện tử", "E-mail"]],
  chat: ["message-circle", ["Tin trong ứng dụng", "Chat message"]],
  call: ["phone", ["Cuộc gọi", "Call"]],
  post: ["newspaper", ["Bài đăng", "Post"]],
};

class Inbox {
  constructor(section, data, done, place) {
    this.place = place;
    this.data = data;
    this.done = done;
    this.say = sayIn(section);
    this.parts = stage(section);
    this.begin(place.step);
  }

  begin(from) {
    Object.assign(this, { at: 0, good: 0 }, from);
    this.show();
  }

  card(message) {
    const [sign, name] = CHANNELS[message.channel ?? "sms"];
    const from = el("h3", { tabindex: "-1" }, icon(sign), el("span", {}, message.sender, el("small", {}, this.say(...name))));
    return el("div", { class: "message" }, from, el("p", { class: "el-bubble" }, message.text));
  }

  show() {
    const message = this.data.messages[this.at];
    const bins = el("div", { class: "bins" });
    for (const bin of this.data.bins) {
      const choice = button("button quiet", () => this.sort(message, bin.id), bin.label);
      choice.dataset.bin = bin.id;
      bins.append(choice);
    }
    ask(this.parts, this.at, this.data.messages.length, this.say("Bạn xếp tin này vào đâu?", "Where does this belong?"));
    answer(this.parts, "", "");
    this.parts.body.replaceChildren(this.card(message), bins);
    this.parts.actions.replaceChildren();
  }

  sort(message, chosen) {
    const right = message.bin === chosen;
    const { label } = this.data.bins.find((bin) => bin.id === message.bin);
    this.good += right;
    for (const choice of this.parts.body.querySelectorAll("[data-bin]")) {
      choice.disabled = true;
      choice.classList.toggle("right", choice.dataset.bin === message.bin);
      choice.classList.toggle("wrong", !right && choice.dataset.bin === chosen);
    }
    answer(this.parts, right ? "good" : "bad", (right ? "" : this.say(`Nên xếp vào “${label}”. `, `It belongs to “${label}”. `)) + message.why);
    const last = this.at === this.data.messages.length - 1;
    const onward = button("button", () => this.next(), last ? this.say("Xem kết quả", "See the result") : this.say("Tin tiếp theo", "Next message"));
    this.parts.actions.replaceChildren(onward);
    onward.focus({ preventScroll: true });
  }

  next() {
    const all = this.data.messages.length;
    this.at += 1;
    this.place.keep(this.at < all ? { at: this.at, good: this.good } : null);
    if (this.at < all) {
      this.show();
      return arrive(this.parts, this.parts.body.querySelector("h3"));
    }
    ending(this.parts, this.data, this.good, all, () => this.again());
    return this.done(this.good / all);
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.parts.body.querySelector("h3"));
  }
}

export const mountInbox = (section, data, done, place) => new Inbox(section, data, done, place);

// Messages to sort: each choice is explained.
import { answer, arrive, ask, button, el, ending, further, icon, settle, stage, take } from "./kit.js";

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
    const parts = stage(section);
    Object.assign(this, { place, data, done, parts, say: parts.say });
    this.begin(place.step);
  }

  begin(from) {
    Object.assign(this, { at: 0, missed: [] }, from);
    this.show();
  }

  card(message) {
    const [sign, name] = CHANNELS[message.channel ?? "sms"];
    const from = el("h3", {}, icon(sign), el("span", {}, message.sender, el("small", {}, this.say(...name))));
    const label = { role: "group", tabindex: "-1", "aria-label": `${message.sender}: ${message.text}` };
    return el("div", { class: "message", ...label }, from, el("p", { class: "el-bubble" }, message.text));
  }

  show() {
    const message = this.data.messages[this.at];
    const bins = el("div", { class: "bins", role: "group", "aria-labelledby": "task" });
    for (const bin of this.data.bins) {
      const choice = button("button quiet", () => this.sort(message, bin.id), bin.label);
      choice.dataset.bin = bin.id;
      bins.append(choice);
    }
    ask(this.parts, this.at, this.data.messages.length, this.say("Bạn xếp tin này vào đâu?", "Where does this belong?"));
    answer(this.parts, "", "");
    this.parts.body.replaceChildren(this.card(message), this.parts.words, bins);
    this.parts.actions.replaceChildren();
  }

  sort(message, chosen) {
    const right = message.bin === chosen;
    const { label } = this.data.bins.find((bin) => bin.id === message.bin);
    if (!right) this.missed.push(`${message.sender}: ${message.text}`);
    const kindOf = ({ dataset: { bin } }) => (bin === message.bin ? "right" : bin === chosen ? "wrong" : "");
    settle(this.parts.body.querySelectorAll("[data-bin]"), kindOf, this.say);
    answer(this.parts, right ? "good" : "bad", (right ? "" : this.say(`Nên xếp vào “${label}”. `, `It belongs to “${label}”. `)) + message.why);
    further(this.parts, this.at === this.data.messages.length - 1, ["Tin tiếp theo", "Next message"], () => this.next());
  }

  next() {
    const all = this.data.messages.length;
    this.at += 1;
    this.place.keep(this.at < all ? { at: this.at, missed: this.missed } : null);
    if (this.at < all) {
      this.show();
      return arrive(this.parts, this.parts.body.firstChild);
    }
    return this.done(ending(this.parts, this.data, this.missed, all, () => this.again()));
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.parts.body.firstChild);
  }
}

export default (kit, ...practice) => {
  take(kit);
  return new Inbox(...practice);
};

// A conversation: choose a reply, learn why it is good or not; the talk goes on.
import { button, el, sayIn } from "../dom.js";
import { answer, arrive, ask, ending, stage } from "./player.js";

class Chat {
  constructor(section, data, done, place) {
    this.place = place;
    this.data = data;
    this.done = done;
    this.say = sayIn(section);
    this.parts = stage(section);
    this.begin(place.step);
  }

  begin(from) {
    Object.assign(this, { at: 0, good: 0, chosen: [] }, from);
    this.talk = el("div", { class: "talk" }, el("h3", { tabindex: "-1" }, this.data.partner));
    this.replies = el("div", { class: "replies" });
    this.parts.body.replaceChildren(this.talk, this.replies);
    this.chosen.forEach((n, at) => {
      const turn = this.data.turns[at];
      this.hear(turn);
      this.speak(turn.replies[n]);
    });
    this.show();
  }

  hear(turn) {
    const who = el("span", { class: "visually-hidden" }, `${this.data.partner}: `);
    this.said = el("p", { class: "el-bubble", tabindex: "-1" }, who, turn.says);
    this.talk.append(this.said);
  }

  speak(reply) {
    this.talk.append(el("p", { class: "mine" }, el("span", { class: "visually-hidden" }, this.say("Bạn: ", "You: ")), reply.text));
  }

  show() {
    const turn = this.data.turns[this.at];
    this.hear(turn);
    this.replies.replaceChildren(...turn.replies.map((reply) => button("button quiet", () => this.choose(reply), reply.text)));
    ask(this.parts, this.at, this.data.turns.length, this.say("Bạn trả lời thế nào?", "What do you answer?"));
    answer(this.parts, "", "");
    this.parts.actions.replaceChildren();
  }

  choose(reply) {
    this.good += !!reply.good;
    this.chosen = [...this.chosen, this.data.turns[this.at].replies.indexOf(reply)];
    this.speak(reply);
    this.replies.replaceChildren();
    answer(this.parts, reply.good ? "good" : "bad", reply.why);
    const last = this.at === this.data.turns.length - 1;
    const onward = button("button", () => this.next(), last ? this.say("Xem kết quả", "See the result") : this.say("Nghe tiếp", "Go on"));
    this.parts.actions.replaceChildren(onward);
    onward.focus({ preventScroll: true });
  }

  next() {
    const all = this.data.turns.length;
    this.at += 1;
    this.place.keep(this.at < all ? { at: this.at, good: this.good, chosen: this.chosen } : null);
    if (this.at < all) {
      this.show();
      this.said.focus({ preventScroll: true });
      return this.said.scrollIntoView({ block: "center" });
    }
    ending(this.parts, this.data, this.good, all, () => this.again());
    return this.done(this.good / all);
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.talk.querySelector("h3"));
  }
}

export const mountChat = (section, data, done, place) => new Chat(section, data, done, place);

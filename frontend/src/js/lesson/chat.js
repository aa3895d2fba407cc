// A conversation: choose a reply, learn why it is good or not; the talk goes on.
import { button, el, sayIn } from "../dom.js";
import { mark } from "./feedback.js";
import { answer, arrive, ask, ending, stage } from "./player.js";

class Chat {
  constructor(section, data, done) {
    this.data = data;
    this.done = done;
    this.say = sayIn(section);
    this.parts = stage(section);
    this.begin();
  }

  begin() {
    this.at = 0;
    this.missed = [];
    this.talk = el("div", { class: "talk" }, el("h3", {}, this.data.partner));
    this.replies = el("div", { class: "replies", role: "group", "aria-labelledby": "task" });
    this.parts.body.replaceChildren(this.talk, this.parts.words, this.replies);
    this.show();
  }

  show() {
    const turn = this.data.turns[this.at];
    const who = el("span", { class: "visually-hidden" }, `${this.data.partner}: `);
    this.said = el("p", { class: "el-bubble", tabindex: "-1" }, who, turn.says);
    this.talk.append(this.said);
    this.replies.replaceChildren(...turn.replies.map((reply) => button("button quiet", () => this.choose(reply), reply.text)));
    ask(this.parts, this.at, this.data.turns.length, this.say("Bạn trả lời thế nào?", "What do you answer?"));
    answer(this.parts, "", "");
    this.parts.actions.replaceChildren();
  }

  choose(reply) {
    const turn = this.data.turns[this.at];
    const better = reply.good ? reply : turn.replies.find((other) => other.good);
    if (!reply.good) this.missed.push(turn.says);
    [...this.replies.children].forEach((choice, n) => {
      const kind = turn.replies[n] === better ? "right" : turn.replies[n] === reply ? "wrong" : "";
      choice.disabled = true;
      choice.hidden = !kind;
      mark(choice, kind, this.say);
    });
    this.chosen = reply.text;
    answer(this.parts, reply.good ? "good" : "bad", reply.why);
    const last = this.at === this.data.turns.length - 1;
    const onward = button("button", () => this.next(), last ? this.say("Xem kết quả", "See the result") : this.say("Nghe tiếp", "Go on"));
    this.parts.actions.replaceChildren(onward);
    onward.focus({ preventScroll: true });
  }

  next() {
    const all = this.data.turns.length;
    this.at += 1;
    if (this.at < all) {
      this.talk.append(el("p", { class: "mine" }, el("span", { class: "visually-hidden" }, this.say("Bạn: ", "You: ")), this.chosen));
      this.show();
      return arrive(this.parts, this.said, this.said);
    }
    return this.done(ending(this.parts, this.data, this.missed, all, () => this.again()));
  }

  again() {
    this.begin();
    arrive(this.parts, this.said);
  }
}

export const mountChat = (section, data, done) => new Chat(section, data, done);

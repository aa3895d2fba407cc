// A conversation: choose a reply, learn why it is good or not; the talk goes on.
import { answer, arrive, ask, button, el, ending, further, icon, settle, stage, take } from "./kit.js";

class Chat {
  constructor(section, data, done, place) {
    const parts = stage(section);
    Object.assign(this, { place, data, done, parts, say: parts.say });
    this.begin(place.step);
  }

  begin(from) {
    Object.assign(this, { at: 0, missed: [], chosen: [] }, from);
    this.talk = el("div", { class: "talk" }, el("h3", {}, this.data.partner));
    this.replies = el("div", { class: "replies", role: "group", "aria-labelledby": "task" });
    this.parts.body.replaceChildren(this.talk, this.parts.words, this.replies);
    this.chosen.forEach((n, at) => {
      this.hear(this.data.turns[at]);
      this.speak(this.data.turns[at].replies[n]);
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
    this.hear(this.data.turns[this.at]);
    this.offer();
  }

  offer() {
    const turn = this.data.turns[this.at];
    this.replies.replaceChildren(...turn.replies.map((reply) => button("button quiet", () => this.choose(reply), reply.text)));
    ask(this.parts, this.at, this.data.turns.length, this.say("Bạn trả lời thế nào?", "What do you answer?"));
    answer(this.parts, "", "");
    this.parts.actions.replaceChildren();
  }

  choose(reply) {
    const turn = this.data.turns[this.at];
    const better = reply.good ? reply : turn.replies.find((other) => other.good);
    if (!reply.good) this.missed = [...new Set([...this.missed, this.at])];
    const kindOf = (_choice, n) => (turn.replies[n] === better ? "right" : turn.replies[n] === reply ? "wrong" : "");
    settle(this.replies.children, kindOf, this.say);
    this.chosen = [...this.chosen, turn.replies.indexOf(reply)];
    answer(this.parts, reply.good ? "good" : "bad", reply.why);
    further(this.parts, this.at === this.data.turns.length - 1, ["Nghe tiếp", "Go on"], () => this.next());
    if (!reply.good) this.parts.actions.append(button("button quiet", () => this.retry(), icon("rotate-ccw"), this.say("Thử câu khác", "Try another reply")));
  }

  /** The same turn once more; that it was missed stays. */
  retry() {
    this.chosen = this.chosen.slice(0, -1);
    this.offer();
    arrive(this.parts, this.said, this.said);
  }

  next() {
    const all = this.data.turns.length;
    const { replies } = this.data.turns[this.at];
    this.at += 1;
    this.place.keep(this.at < all ? { at: this.at, missed: this.missed, chosen: this.chosen } : null);
    if (this.at < all) {
      this.speak(replies[this.chosen[this.at - 1]]);
      this.show();
      return arrive(this.parts, this.said, this.said);
    }
    return this.done(ending(this.parts, this.data, this.missed.map((n) => this.data.turns[n].says), all, () => this.again()));
  }

  again() {
    this.place.keep(null);
    this.begin();
    arrive(this.parts, this.said);
  }
}

export default (kit, ...practice) => {
  take(kit);
  return new Chat(...practice);
};

// A conversation: choose a reply, learn why it is good or not; the talk goes on.
import { el, say } from "../dom.js";
import { answer, answerLine, ending, stage } from "./player.js";

export function mountChat(section, data, done) {
  const box = stage(section);
  let at = 0;
  let good = 0;
  let talk;

  function choose(reply, line, replies) {
    good += !!reply.good;
    talk.append(el("p", { class: "mine" }, reply.text));
    answer(line, (reply.good ? say("Tốt. ", "Good. ") : say("Chưa nên. ", "Better not. ")) + reply.why, reply.good ? "good" : "bad");
    const last = at === data.turns.length - 1;
    const onward = el("button", { class: "button", type: "button", on: { click: next } }, last ? say("Xem kết quả", "See the result") : say("Nghe tiếp", "Go on"));
    replies.replaceChildren(onward);
    onward.focus({ preventScroll: true });
  }

  function next() {
    at += 1;
    if (at < data.turns.length) return show();
    ending(box, data, good, data.turns.length, restart);
    return done(good / data.turns.length);
  }

  function show() {
    const turn = data.turns[at];
    const line = answerLine();
    const replies = el("div", { class: "replies" });
    const says = el("div", { class: "el-bubble", tabindex: "-1" }, el("strong", {}, `${data.partner}: `), turn.says);
    talk.append(says);
    for (const reply of turn.replies) {
      replies.append(el("button", { class: "button quiet", type: "button", on: { click: () => choose(reply, line, replies) } }, reply.text));
    }
    box.replaceChildren(talk, replies, line);
    if (at) says.focus({ preventScroll: true });
  }

  function restart() {
    at = good = 0;
    talk = el("div", {});
    show();
  }

  restart();
}

// Asked once after signing in: is what was done just before on this device yours?
import { button, el, say } from "../dom.js";
import { lock } from "./pin.js";

/** All acts and progress of one become another's, together. */
async function move({ change, rows }, from, to) {
  const acts = await rows(["act", from]);
  const lessons = await rows(["lesson", from]);
  const own = new Map((await rows(["lesson", to])).map((row) => [row.key.slice(2).join(" "), row]));
  await change((put, drop) => {
    for (const act of acts) {
      put(["act", to, ...act.key.slice(2)], act);
      drop(act.key);
    }
    for (const row of lessons) {
      const part = row.key.slice(2);
      put(["lesson", to, ...part], { ...row, best: Math.max(row.best ?? 0, own.get(part.join(" "))?.best ?? 0) });
    }
    drop(["lesson", from]);
  });
}

/** The drawings of the lock stand in the chooser's page. */
async function bringPictures() {
  if (document.querySelector("[data-pictures]")) return;
  const page = new DOMParser().parseFromString(await (await fetch("/ai-hoc/")).text(), "text/html");
  document.body.append(document.adoptNode(page.querySelector("[data-pictures]")));
}

function title(person) {
  if (!person) return say("Kết quả vừa làm trên máy này là của bạn?", "Is what was just done on this device yours?");
  return say(`Kết quả ${person.name} vừa làm trên máy này là của bạn?`, `Is what ${person.name} just did on this device yours?`);
}

class Question {
  constructor(device, main, from, person) {
    Object.assign(this, { device, main, from, person });
    this.note = el("section", { class: "notice", "data-whose": true, "aria-labelledby": "whose" });
  }

  show(what) {
    this.said = el("p", { class: "error", role: "alert" });
    const yes = button("button", () => this.mine().catch(() => this.failed()), say("Đúng, của tôi", "Yes, mine"));
    const no = button("button quiet", () => this.end(), say("Không, của người khác", "No, somebody else's"));
    this.note.replaceChildren(el("h2", { id: "whose" }, title(this.person)), el("p", {}, what), el("p", { class: "actions" }, yes, no), this.said);
    this.main.prepend(this.note);
  }

  failed() {
    this.said.textContent = say("Chưa ghi được cho bạn. Hãy thử lại khi có mạng.", "This could not be made yours. Try again with a connection.");
  }

  /** Whoever locked their work by pictures shows them first. */
  async mine() {
    if (!this.person?.pin) return this.take();
    await bringPictures();
    const pictures = lock(this.device, this.person, () => void this.take().catch(() => this.failed()));
    this.note.replaceChildren(pictures, this.said, el("p", { class: "actions" }, button("button quiet", () => this.end(), say("Thôi", "Leave it"))));
    return pictures.querySelector("h2").focus();
  }

  async take() {
    await move(this.device, this.from, this.device.account());
    this.device.answered();
    await this.device.flush();
    if (!this.main.querySelector("form")) return location.reload();
    const done = el("p", { class: "notice good", role: "status", tabindex: "-1" }, say("Đã ghi là của bạn.", "These are yours now."));
    this.note.replaceWith(done); // what is half filled in on this page stays
    return done.focus();
  }

  end() {
    this.device.answered();
    this.note.remove();
    this.main.focus();
  }
}

export default async function ask(device, main) {
  const from = device.asking();
  const lessons = await device.rows(["lesson", from]);
  if (!lessons.length) return device.answered();
  const [person] = await device.rows(["person", from]);
  const opened = new Set(lessons.map((row) => row.address)).size;
  const done = lessons.filter((row) => row.state === "done").length;
  return new Question(device, main, from, person).show(say(`${opened} bài đã mở, ${done} bài đã xong.`, `${opened} lessons opened, ${done} done.`));
}

// Asked once after signing in: is what was done just before on this device yours?
import { button, el, say } from "../dom.js";

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

export default async function ask(device, main) {
  const { account, flush, asking, answered } = device;
  const from = asking();
  const lessons = await device.rows(["lesson", from]);
  if (!lessons.length) return answered();
  const opened = new Set(lessons.map((row) => row.address)).size;
  const done = lessons.filter((row) => row.state === "done").length;
  const what = say(`${opened} bài đã mở, ${done} bài đã xong.`, `${opened} lessons opened, ${done} done.`);
  const note = el("section", { class: "notice", "data-whose": true, "aria-labelledby": "whose" },
    el("h2", { id: "whose" }, say("Kết quả vừa làm trên máy này là của bạn?", "Is what was just done on this device yours?")),
    el("p", {}, what),
    el("p", { class: "actions" },
      button("button", async () => {
        await move(device, from, account());
        answered();
        await flush();
        location.reload();
      }, say("Đúng, của tôi", "Yes, mine")),
      button("button quiet", () => {
        answered();
        note.remove();
      }, say("Không, của người khác", "No, somebody else's"))),
  );
  main.prepend(note);
}

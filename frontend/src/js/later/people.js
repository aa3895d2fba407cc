// Who learns on this phone: a household's people with their names and faces, and whoever is signed in.
import { face, faces } from "../device/face.js";
import { PHONE } from "../device/person.js";
import { button, el, say, uuid } from "../dom.js";
import { lock, made, pad, possible } from "./pin.js";

const MOST = 12;
const LONGEST = 30;

class People {
  constructor(device, box) {
    Object.assign(this, device, { device, box });
  }

  /** The list; back from somewhere with the focus on a person of it (`at`), or on the first. */
  async show(at = "") {
    try {
      this.people = await this.device.rows(["person"]);
    } catch {
      return this.box.replaceChildren(el("p", { class: "notice warn" }, say("Trình duyệt này không giữ gì trên máy, nên chưa dùng được cho nhiều người.", "This browser keeps nothing on the device, so it cannot be used by several people.")));
    }
    const rows = this.people.map((person) => this.row(person));
    if (this.account()) rows.push(this.other(this.account(), say("Tài khoản đang đăng nhập", "The account that is signed in")));
    else rows.push(this.other(PHONE, say("Chưa đặt tên", "No name yet")));
    this.box.replaceChildren(el("ul", { class: "people" }, ...rows), this.adding());
    if (at) (this.box.querySelector(`[data-id="${at}"]`) ?? this.box.querySelector(".person")).focus();
  }

  other(id, name) {
    return el("li", {}, this.pick(id, name, () => this.choose()));
  }

  pick(id, name, chosen) {
    const now = this.who() === id;
    const go = () => {
      chosen();
      location.href = "/";
    };
    return el("button", { type: "button", class: "person", "aria-pressed": String(now), on: { click: go } }, face(name), el("span", {}, name, now ? el("small", {}, say("đang học", "learning now")) : null));
  }

  row(person) {
    const now = this.who() === person.id;
    const open = () => this.enter(person);
    const main = el("button", { type: "button", class: "person", "data-id": person.id, "aria-pressed": String(now), on: { click: open } }, face(person.name, person.face),
      el("span", {}, person.name, el("small", {}, [now && say("đang học", "learning now"), person.pin && say("có khoá bốn hình", "locked by four pictures")].filter(Boolean).join(" · "))));
    return el("li", {}, main, button("button plain", () => this.edit(person), say("Sửa", "Change"), el("span", { class: "visually-hidden" }, ` ${person.name}`)));
  }

  unlocked(person, then) {
    if (!person.pin) return then();
    const screen = lock(this.device, person, () => void then());
    this.box.replaceChildren(screen, button("button plain", () => this.show(person.id), say("Quay lại", "Back")));
    return screen.querySelector("h2").focus();
  }

  enter(person) {
    this.unlocked(person, () => {
      this.choose({ id: person.id, name: person.name, face: person.face });
      location.href = "/";
    });
  }

  adding() {
    if (this.people.length >= MOST) return el("p", {}, say(`Máy này giữ nhiều nhất ${MOST} người.`, `At most ${MOST} people.`));
    const input = el("input", { id: "new-person", maxlength: LONGEST, autocomplete: "off", required: true });
    const add = async (event) => {
      event.preventDefault();
      const name = input.value.trim();
      if (!name) return;
      const person = { id: uuid(), name };
      await this.put(person);
      this.edit(person);
    };
    return el("form", { class: "card", on: { submit: add } }, el("h2", {}, say("Thêm một người", "Add somebody")),
      el("div", { class: "field" }, el("label", { for: "new-person" }, say("Gọi là gì? Ví dụ: Bà, Minh", "What are they called?")), input),
      el("button", { class: "button" }, say("Thêm", "Add")));
  }

  edit(person) {
    this.unlocked(person, () => this.draw(person).querySelector("h2").focus());
  }

  /** The card of a person: face, lock, and out of here. */
  draw(person) {
    const back = button("button", () => this.show(person.id), say("Xong", "Done"));
    const locking = button("button quiet", () => this.setLock(person), person.pin ? say("Đổi bốn hình", "Change the four pictures") : say("Khoá bằng bốn hình", "Lock by four pictures"));
    const unlock = button("button quiet", () => this.store({ ...person, pin: null }), say("Bỏ khoá", "Remove the lock"));
    const erase = button("button danger", () => this.confirm(person), say("Xoá khỏi máy này", "Remove from this device"));
    const heading = el("h2", { tabindex: "-1" }, face(person.name, person.face), ` ${person.name}`);
    const acts = el("p", { class: "actions" }, back, possible() ? locking : null, person.pin ? unlock : null, erase);
    const card = el("section", { class: "card person-card" }, heading, this.faces(person), acts);
    this.box.replaceChildren(card);
    return card;
  }

  /** The cast to choose a face from; the one that is chosen is kept at once. */
  faces(person) {
    const pick = (key) => async () => {
      const news = { ...person, face: key };
      await this.put(news);
      if (this.who() === person.id) this.choose({ id: person.id, name: person.name, face: key });
      this.draw(news).querySelector(`[data-face="${key}"]`).focus();
    };
    const keys = faces().map(([key, name, drawing]) =>
      el("button", { type: "button", class: "pin-key", "data-face": key, "aria-label": name, "aria-pressed": String(person.face === key), on: { click: pick(key) } }, drawing),
    );
    return el("div", { class: "pin", role: "group", "aria-label": say("Chọn một gương mặt", "Choose a face") }, ...keys);
  }

  setLock(person) {
    let first = "";
    const screen = pad(say("Chọn bốn hình, dễ nhớ với bạn", "Choose four pictures"), async (pictures) => {
      if (!first) {
        first = pictures.join();
        return say("Bấm lại bốn hình ấy một lần nữa.", "Press the same four once more.");
      }
      const same = first === pictures.join();
      first = "";
      if (!same) return say("Hai lần chưa giống nhau. Hãy chọn lại.", "Not the same. Choose again.");
      return void (await this.store({ ...person, pin: await made(pictures) }));
    });
    this.box.replaceChildren(screen, button("button plain", () => this.show(person.id), say("Quay lại", "Back")));
    screen.querySelector("h2").focus();
  }

  put(person) {
    return this.change((put) => put(["person", person.id], person));
  }

  async store(person) {
    await this.put(person);
    await this.show(person.id);
  }

  confirm(person) {
    const words = say(`Xoá ${person.name} và mọi kết quả của ${person.name} trên máy này? Không lấy lại được.`, `Remove ${person.name} and all their results from this device? This cannot be undone.`);
    const yes = button("button danger", () => this.remove(person), say("Xoá", "Remove"));
    const note = el("div", { class: "notice warn", role: "alert" }, el("p", {}, words), el("p", { class: "actions" }, yes, button("button quiet", () => this.show(person.id), say("Giữ lại", "Keep"))));
    this.box.replaceChildren(note);
    yes.focus();
  }

  async remove({ id }) {
    await this.change((put, drop) => [["person", id], ["lesson", id], ["act", id]].forEach(drop));
    if (this.who() === id) this.choose();
    await this.show(id);
  }
}

export default (device, box) => new People(device, box).show();

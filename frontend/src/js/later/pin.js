// A lock of four pictures. What is kept is a slow hash with a salt of its own, and how often one has tried.
// It keeps people of a household from learning as one another by mistake or mischief; it does not encrypt the device.
import { button, el, say } from "../dom.js";

const ROUNDS = 600000;
const LENGTH = 4;
const FREE = 5; // tries before one has to wait
const MINUTE = 60000;

// Their drawings stand in the page, in this order.
const PICTURES = [
  ["Cá", "Fish"], ["Hoa", "Flower"], ["Xe đạp", "Bicycle"], ["Nhà", "House"], ["Mặt trời", "Sun"], ["Mặt trăng", "Moon"],
  ["Thuyền", "Boat"], ["Trống", "Drum"], ["Táo", "Apple"], ["Chim", "Bird"], ["Ô", "Umbrella"], ["Sao", "Star"],
];

/** Only where the browser can hash: pages over TLS, or this very machine. */
export const possible = () => Boolean(self.crypto?.subtle);

async function hash(pictures, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pictures.join(" ")), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256));
}

/** A new lock. */
export async function made(pictures) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, hash: await hash(pictures, salt), tries: 0, until: 0 };
}

/** Try the lock of `person`: "open", "wrong" or "wait". The try is counted, on the disk, before it is looked at. */
async function tried({ change, rows }, id, pictures) {
  const key = ["person", id];
  const [person] = await rows(key);
  const { pin } = person;
  if (pin.until > Date.now()) return "wait";
  const tries = pin.tries + 1;
  const until = tries < FREE ? 0 : Date.now() + MINUTE * 2 ** Math.min(tries - FREE, 10);
  await change((put) => put(key, { ...person, pin: { ...pin, tries, until } }));
  const given = await hash(pictures, pin.salt);
  if (!given.every((byte, n) => byte === pin.hash[n])) return "wrong";
  await change((put) => put(key, { ...person, pin: { ...pin, tries: 0, until: 0 } }));
  return "open";
}

/** Twelve pictures to press; `taken(pictures)` is called with four of them and gives back what to say, if anything. */
export function pad(title, taken) {
  const count = el("p", { class: "pin-count", role: "status" });
  const said = el("p", { class: "error", role: "alert" });
  let given = [];
  const show = () => (count.textContent = say(`${given.length} trên ${LENGTH} hình`, `${given.length} of ${LENGTH} pictures`));
  const press = async (n) => {
    if (given.length === LENGTH) return;
    given.push(n);
    said.textContent = "";
    show();
    if (given.length < LENGTH) return;
    said.textContent = (await taken(given)) ?? "";
    given = [];
    show();
  };
  const drawings = [...document.querySelector("[data-pictures]").content.children];
  const keys = PICTURES.map((name, n) => button("pin-key", () => press(n), drawings[n].cloneNode(true), el("small", {}, say(...name))));
  const clear = button("button plain", () => { given = []; show(); }, say("Bấm lại từ đầu", "Start over"));
  show();
  return el("section", { class: "card", "aria-label": title }, el("h2", { tabindex: "-1" }, title), count, el("div", { class: "pin" }, ...keys), said, clear);
}

/** The pad that opens the lock of a person. */
export const lock = (device, person, opened) =>
  pad(say(`Bốn hình của ${person.name}`, `The four pictures of ${person.name}`), async (pictures) => {
    const answer = await tried(device, person.id, pictures);
    if (answer === "open") return opened();
    return answer === "wait" ? say("Thử sai nhiều lần. Hãy đợi ít phút rồi thử lại.", "Too many tries. Wait some minutes and try again.") : say("Chưa đúng. Hãy thử lại.", "Not right. Try again.");
  });

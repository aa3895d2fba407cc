// An invitation is the address of a page with, behind its #, one of these: no free text reaches strangers, and no server.
import { button, el, say } from "../dom.js";
import { INVITED } from "./begin.js";

const WHO = {
  "chau-ba": ["Cháu mời bà", "A grandchild invites grandma"],
  "chau-ong": ["Cháu mời ông", "A grandchild invites grandpa"],
  "con-me": ["Con mời mẹ", "Your child invites mum"],
  "con-bo": ["Con mời bố", "Your child invites dad"],
  "ba-chau": ["Bà mời cháu", "Grandma invites you"],
  "ong-chau": ["Ông mời cháu", "Grandpa invites you"],
  "nguoi-nha": ["Người nhà mời bạn", "Your family invites you"],
  ban: ["Bạn bè mời bạn", "A friend invites you"],
};

const lesson = document.body.dataset.lesson;
const what = () => (lesson ? say("học bài này", "to this lesson") : say("cùng học", "to learn together"));

async function send(url, text, status) {
  if (navigator.share) return navigator.share({ text, url }).catch(() => {});
  try {
    await navigator.clipboard.writeText(`${text} ${url}`);
    status.textContent = say("Đã chép lời mời. Hãy dán vào tin nhắn.", "Copied. Paste it into a message.");
  } catch {
    status.textContent = `${text} ${url}`; // pages without TLS may not write to the clipboard
  }
  return undefined;
}

/** In the unfolded `details`: who invites whom, and a button that shares or copies. */
export function invite(details) {
  const title = (details.closest("article") ?? document).querySelector("h1, h2").textContent.trim();
  const options = Object.entries(WHO).map(([key, words]) => el("option", { value: key }, say(...words)));
  const select = el("select", {}, ...options);
  const status = el("p", { role: "status" });
  const shared = () => send(`${details.dataset.invite}${INVITED}${select.value}`, `${say(...WHO[select.value])} ${what()}: ${title}`, status);
  details.querySelector("p").hidden = true;
  details.append(
    el("p", { class: "field" }, el("label", {}, say("Ai mời ai?", "Who invites whom?"), select)),
    el("p", { class: "actions" }, button("button", shared, say("Gửi lời mời", "Send the invitation"))),
    status,
  );
}

/** Whoever comes by an invitation reads who sent it. */
export function greet() {
  const words = WHO[location.hash.slice(INVITED.length)];
  if (!words) return;
  const easy = say("Không cần tài khoản, chỉ vài phút.", "No account needed, a few minutes.");
  const greeting = el("p", { class: "notice good", role: "status" }, el("strong", {}, `${say(...words)} ${what()}.`), ` ${easy}`);
  document.querySelector("h1").parentNode.after(greeting);
}

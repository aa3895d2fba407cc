// Passkeys: sign in, add. Where a code is that was asked for. One press sends a form once.
import { csrf, say } from "./dom.js";

// Browsers give passkeys only to sites with a name: 127.0.0.1 has none.
const NAMED = !/^[\d.]+$|:/.test(location.hostname);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(url, body = "{}") {
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() }, body });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.title);
  return data;
}

const described = (list = []) => list.map((item) => ({ ...item, id: bytes(item.id) }));

function packed(credential, more = {}) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, ...more });
}

async function signIn(button) {
  const options = await post("/tai-khoan/dang-nhap/khoa/");
  const credential = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) } });
  return post(`/tai-khoan/dang-nhap/khoa/xong/?next=${encodeURIComponent(button.dataset.next ?? "")}`, packed(credential));
}

async function add(button) {
  const options = await post("/tai-khoan/khoa/them/");
  const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: described(options.excludeCredentials) };
  const credential = await navigator.credentials.create({ publicKey });
  const label = document.querySelector("#passkey-label")?.value ?? "";
  return post("/tai-khoan/khoa/them/", packed(credential, { label }));
}

function words({ name, message }) {
  if (name === "NotAllowedError") return say("Bạn đã dừng lại. Hãy thử lại khi sẵn sàng.", "Stopped. Try again when you are ready.");
  if (["TypeError", "SyntaxError"].includes(name)) return say("Chưa nối được. Hãy thử lại khi có mạng.", "There is no line. Try again with a connection.");
  return message;
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !NAMED) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const status = document.querySelector("[data-passkey-status]");
    status.textContent = "";
    try {
      location.href = (await (button.dataset.passkey === "add" ? add : signIn)(button)).next;
    } catch (error) {
      status.textContent = words(error);
    }
  });
}

// A code is sent beside the page: what became of it is asked until it is known.
const PENDING = ["sending", "delayed"];

async function follow(node, wait = 1000) {
  if (!PENDING.includes(node.dataset.codeState)) return;
  await new Promise((resolve) => setTimeout(resolve, wait));
  try {
    const answer = await fetch(node.dataset.url);
    if (answer.redirected) return; // asked for in another session
    if (answer.ok) {
      const { state, says } = await answer.json();
      node.dataset.codeState = state;
      if (node.textContent !== says) node.textContent = says;
    }
  } catch {
    // no line: asked again
  }
  await follow(node, Math.min(wait * 1.5, 15000));
}

for (const node of document.querySelectorAll("[data-code-state]")) follow(node);

// A second press while the first is on its way would be another act. Back to the page, or stopped: it may be sent again.
const UNDER_WAY = 10000;
let sent = false;
addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  else setTimeout(() => (sent = false), UNDER_WAY);
  sent = true;
});
navigator.serviceWorker?.addEventListener("message", () => (sent = false)); // there was no line
// Kept whole by the browser, the page may show somebody who has signed out since.
addEventListener("pageshow", (event) => {
  sent = false;
  if (event.persisted) location.reload();
});

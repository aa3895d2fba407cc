// “Nhắc tôi ôn bài”: asks the browser for its leave when the form is sent, and sends that along.
import { calls } from "./device/person.js";
import { say } from "./dom.js";

const form = document.querySelector("[data-push-key]");
const push = form.querySelector("[name=way][value=push]");
const hidden = form.querySelector("[name=subscription]");
const status = form.querySelector("[data-push-status]");
const key = form.dataset.pushKey;

const button = form.querySelector("p.actions button");
const PATIENCE = 8000;
const late = () => new Promise((_ready, fail) => setTimeout(fail, PATIENCE));

const packed = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** This browser's subscription with our key: the one there is, or a new one. */
async function subscription() {
  const { pushManager } = await Promise.race([navigator.serviceWorker.ready, late()]); // without a worker it never comes
  const known = await pushManager.getSubscription();
  if (known && packed(known.options.applicationServerKey) === key) return known;
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function cannot() {
  push.disabled = true;
  push.checked = false;
  status.textContent = /iPhone|iPad/.test(navigator.userAgent)
    ? say("Trên iPhone, hãy đưa Học vụ số ra màn hình chính rồi mở từ đó để nhận thông báo.", "On an iPhone, put Học vụ số on the home screen and open it from there to get notifications.")
    : say("Trình duyệt này không nhận được thông báo.", "This browser cannot show notifications.");
}

async function ask() {
  status.textContent = "";
  if ((await Notification.requestPermission()) !== "granted") {
    status.textContent = say("Trình duyệt chưa cho phép thông báo. Hãy cho phép trong cài đặt của trang, hoặc chọn cách khác.", "The browser does not allow notifications. Allow them in the settings of this site, or choose another way.");
    return;
  }
  try {
    button.disabled = true;
    hidden.value = JSON.stringify(await subscription());
    calls();
    form.submit();
  } catch {
    button.disabled = false;
    status.textContent = say("Chưa đăng ký được với dịch vụ thông báo. Hãy thử lại khi có mạng, hoặc chọn cách khác.", "The notification service could not be reached. Try again with a connection, or choose another way.");
  }
}

if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) cannot();
form.addEventListener("submit", (event) => {
  if (!push.checked) return;
  event.preventDefault();
  ask();
});

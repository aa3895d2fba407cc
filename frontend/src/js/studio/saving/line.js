// The line to the site: what a form of the studio sends and asks. Sessions that ended and faults have errors of their own.
import { csrf, say, within } from "../../dom.js";
import { Ended, Faults } from "./saver.js";

const PATIENCE = 20000;
const GONE = say(
  "Bài này vừa được người khác bỏ, hoặc bạn không còn quyền sửa. Chữ của bạn còn ở máy này; bài lấy lại được ở cuối trang chương trình.",
  "Somebody has just taken this lesson out, or you may no longer edit it. What you wrote is on this device; the lesson can be brought back at the end of the programme's page.",
);
const JSON_ONLY = { Accept: "application/json" };
/** A text with the ends of lines that it has in here. */
export const unix = (text) => text.replace(/\r\n?/g, "\n");

const token = (form) => csrf() || form.elements.csrfmiddlewaretoken?.value || "";

/** Read an answer: {status, data}. */
async function read(answer) {
  const isData = answer.headers.get("Content-Type")?.includes("json");
  if (answer.status === 401 || answer.status === 403 || (answer.redirected && !isData)) throw new Ended();
  if (answer.status === 404) throw new Faults([GONE]);
  if (!isData) throw new Error(String(answer.status));
  const data = await answer.json();
  if (answer.status === 400) throw new Faults(data.faults ?? []);
  if (answer.status !== 200 && answer.status !== 409) throw new Error(String(answer.status));
  if (typeof data.text === "string") data.text = unix(data.text);
  return { status: answer.status, data };
}

function packed(form, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token(form), ...fields })) body.set(name, value);
  return body;
}

/** Save: fields are text, base and version. */
export async function send(form, fields, { keepalive = false } = {}) {
  const body = packed(form, { ...fields, autosave: "1" });
  return read(await fetch(form.action, { method: "POST", headers: JSON_ONLY, body, keepalive, signal: keepalive ? undefined : within(PATIENCE) }));
}

/** The text as the site has it. */
export const ask = async (form) => read(await fetch(form.action, { headers: JSON_ONLY, cache: "no-store", signal: within(PATIENCE) }));

/** Send a picture: {name, url}. */
export async function sendPicture(form, file) {
  const answer = await fetch(form.dataset.pictures, { method: "POST", headers: JSON_ONLY, body: packed(form, { file }) });
  return (await read(answer)).data;
}

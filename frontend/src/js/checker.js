// Checks a credential in the browser, also offline: proof by the issuer's keys, the holder's name by its salted hash,
// and, with a line, what the issuer says of it today.
import { carried } from "./carriers.js";
import { el, say } from "./dom.js";
import { clean, same } from "./reading.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function base58(text) {
  let value = 0n;
  for (const c of text) {
    const digit = ALPHABET.indexOf(c);
    if (digit < 0) throw new Error("base58");
    value = value * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
  for (const c of text) {
    if (c !== "1") break;
    bytes.unshift(0);
  }
  return Uint8Array.from(bytes);
}

/** JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 units, no spaces. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

async function proofHolds(secured, keys) {
  const { proof, ...document_ } = secured;
  const { proofValue, ...options } = proof;
  const multikey = keys[proof.verificationMethod];
  if (!multikey || proof.cryptosuite !== "eddsa-jcs-2022" || canonical(options["@context"]) !== canonical(secured["@context"])) return false;
  const data = new Uint8Array([...(await sha256(canonical(options))), ...(await sha256(canonical(document_)))]);
  const key = await crypto.subtle.importKey("raw", base58(multikey.slice(1)).slice(2), { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, base58(proofValue.slice(1)), data);
}

async function nameFits(secured, name) {
  const identities = secured.credentialSubject?.identifier ?? [];
  if (!clean(name) || !identities.length) return null;
  for (const { identityHash, salt } of identities) {
    for (const written of [clean(name), same(name)]) {
      const digest = await sha256(written + salt);
      if (identityHash === `sha256$${[...digest].map((b) => b.toString(16).padStart(2, "0")).join("")}`) return true;
    }
  }
  return false;
}

/** The bit of a signed status list: true, false, or null when the list could not be had or is not ours. */
async function isListed({ statusListCredential, statusListIndex }, keys) {
  try {
    const answer = await fetch(new URL(statusListCredential).pathname, { cache: "no-store" });
    const list = await answer.json();
    if (!(await proofHolds(list, keys))) return null;
    const packed = list.credentialSubject.encodedList.slice(1).replaceAll("-", "+").replaceAll("_", "/");
    const gzip = new Blob([Uint8Array.from(atob(packed), (c) => c.charCodeAt(0))]).stream();
    const bits = new Uint8Array(await new Response(gzip.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
    return Boolean(bits[statusListIndex >> 3] & (0x80 >> (statusListIndex & 7)));
  } catch {
    return null;
  }
}

/** What the issuer says today: "revocation" or "suspension", "" for nothing, null when that could not be asked. */
async function standing(secured, keys) {
  let known = true;
  for (const entry of secured.credentialStatus ?? []) {
    const listed = await isListed(entry, keys);
    if (listed) return entry.statusPurpose;
    known &&= listed === false;
  }
  return known ? "" : null;
}

const day = (moment) =>
  new Intl.DateTimeFormat(say("vi-VN", "en-GB"), { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" }).format(new Date(moment));

/** [is it good, what is said first, what more, the credential when its signature holds]. */
async function check(text, name, keys) {
  let secured;
  try {
    secured = JSON.parse(text);
    if (!(await proofHolds(secured, keys))) return [false, say("Chữ ký không đúng.", "The signature does not hold."), say("Chứng nhận này đã bị sửa, hoặc không do chúng tôi cấp.", "Changed, or not issued by us.")];
  } catch {
    return [false, say("Không đọc được chứng nhận này.", "This credential cannot be read.")];
  }
  const what = say(`“${secured.name}”, cấp ngày ${day(secured.awardedDate ?? secured.validFrom)}.`, `“${secured.name}”, issued ${day(secured.awardedDate ?? secured.validFrom)}.`);
  const fits = await nameFits(secured, name);
  if (fits === false) return [false, say("Tên không khớp.", "The name does not match."), say("Chữ ký đúng, nhưng chứng nhận này không cấp cho tên bạn nhập.", "The signature holds, but it was not issued to this name.")];
  if (secured.validUntil && new Date(secured.validUntil) < new Date()) return [false, say("Chứng nhận đã hết hạn.", "This credential has expired."), what, secured];
  const ended = await standing(secured, keys);
  if (ended === "suspension") return [false, say("Chứng nhận đang tạm dừng.", "This credential is suspended."), what, secured];
  if (ended) return [false, say("Chứng nhận không còn hiệu lực.", "This credential is no longer valid."), say("Nó đã bị thu hồi hoặc đã được thay.", "It was revoked or replaced."), secured];
  const named = fits ? say(" Tên khớp.", " The name matches.") : "";
  if (ended === "") return [true, say("Chứng nhận còn hiệu lực.", "This credential is valid.") + named, what, secured];
  return [true, say("Chữ ký đúng:", "The signature holds:"), what + named + say(" Chưa hỏi được chứng nhận có bị thu hồi hay không. Khi có mạng, hãy mở trang của nó.", " Whether it was revoked could not be asked. Online, open its page."), secured];
}

/** The words for a file in which there is no credential. */
const none = (kind) =>
  kind === "picture" || kind === "json"
    ? say("Trong ảnh này không còn chứng nhận số. Hãy quét mã QR trên ảnh, hoặc xin tệp gốc.", "No digital credential is left in this picture. Scan its QR code, or ask for the original file.")
    : say("Không tìm thấy chứng nhận số trong tệp này. Hãy quét mã QR, hoặc xin tệp gốc.", "No digital credential was found in this file. Scan its QR code, or ask for the original file.");

const form = document.querySelector("[data-checker]");
const result = document.querySelector("[data-checker-result]");
const keys = JSON.parse(document.querySelector("#trusted-keys").textContent);

function show(good, first, more, secured) {
  const page = secured && /\/xac-minh\/[0-9a-f-]{36}$/.exec(secured.id)?.[0];
  const link = page && el("a", { href: page }, say("Mở trang của chứng nhận này", "Open the page of this certificate"));
  result.className = `notice ${good ? "good" : "warn"}`;
  result.replaceChildren(el("strong", {}, first), ...(more ? [" ", more] : []), ...(link ? [" ", link] : []));
  result.focus();
}

async function isSupported() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return typeof DecompressionStream === "function";
  } catch {
    return false;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const supported = await isSupported();
  const file = form.elements.file.files[0];
  const [text, kind] = supported && file ? await carried(new Uint8Array(await file.arrayBuffer())) : [form.elements.text.value, "json"];
  if ((!supported || text === null) && navigator.onLine) return form.submit(); // the server looks, and says why
  if (!supported) return show(false, say("Trình duyệt này chỉ kiểm tra được khi có mạng.", "This browser can check only with a connection."));
  if (text === null) return show(false, none(kind));
  show(...(await check(text, form.elements.name.value, keys)));
});

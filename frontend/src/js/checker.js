// Checks a credential in the browser, also offline: proof by the issuer's keys, and the holder's name by its salted hash.
import { say } from "./dom.js";
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

async function check(text, name, keys) {
  let secured;
  try {
    secured = JSON.parse(text);
    if (!(await proofHolds(secured, keys))) return ["bad", say("Chữ ký không đúng. Chứng nhận này đã bị sửa, hoặc không do chúng tôi cấp.", "The signature does not hold: changed, or not issued by us.")];
  } catch {
    return ["bad", say("Không đọc được chứng nhận này.", "This credential cannot be read.")];
  }
  if (secured.validUntil && new Date(secured.validUntil) < new Date()) return ["bad", say("Chứng nhận đã hết hạn.", "This credential has expired.")];
  const fits = await nameFits(secured, name);
  if (fits === false) return ["bad", say("Chữ ký đúng, nhưng chứng nhận này không cấp cho tên bạn nhập.", "The signature holds, but it was not issued to this name.")];
  const end = say(" Khi có mạng, hãy mở trang xác minh để biết chứng nhận có bị thu hồi hay không.", " Online, open its page to see whether it was revoked.");
  return ["good", say(`Chữ ký đúng: “${secured.name}”, cấp ngày ${secured.validFrom.slice(0, 10)}.`, `The signature holds: “${secured.name}”, issued ${secured.validFrom.slice(0, 10)}.`) + end];
}

const form = document.querySelector("[data-checker]");
const result = document.querySelector("[data-checker-result]");
const keys = JSON.parse(document.querySelector("#trusted-keys").textContent);
form.addEventListener("submit", async (event) => {
  let supported = true;
  event.preventDefault();
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    supported = false;
  }
  if (!supported && navigator.onLine) return form.submit();
  const file = form.elements.file.files[0];
  const text = file ? await file.text() : form.elements.text.value;
  const [kind, words] = await check(text, form.elements.name.value, keys);
  result.className = `notice ${kind === "good" ? "good" : "warn"}`;
  result.textContent = words;
  result.focus();
});

// What people type, read as the server reads it (hocvuso/base/numbers.py and text.py; one table of cases tests both).

const SHAPES = {
  vi: /^([-+]?)(\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?:,(\d+))?$/,
  en: /^([-+]?)(\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?:\.(\d+))?$/,
  plain: /^([-+]?)(\d+)(?:\.(\d+))?$/,
};
const EXPONENT = /^[-+]?\d+(\.\d+)?[eE][-+]?\d{1,3}$/;
const LONGEST = 40;
const MOST = 1e18;
const BREAKS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const EITHER_LETTER = /(o(?=.[ae])|u(?=.y))([\u0300\u0301\u0303\u0309\u0323])([aey])(?![\p{L}\p{N}_\u0300-\u036f])/gu;

/** Text as it is kept: composed, trimmed, plain spaces, without what is not seen. */
export const clean = (text) => text.replace(BREAKS, " ").replace(/[\t\p{Zs}]/gu, " ").replace(UNSEEN, "").normalize("NFC").trim();

/** The form in which codes and names are compared: đ and tones that may stand on either of two letters written one way. */
export const same = (text) =>
  clean(text).toUpperCase().toLowerCase().replaceAll("ς", "σ").replace(/[ðɖ]/g, "đ").normalize("NFD").replace(EITHER_LETTER, "$1$3$2").normalize("NFC").split(/\s+/).filter(Boolean).join(" ");

/** The number that was written in a language (`vi`, `en`; `plain` is that of machines); null where it is none. */
export function readNumber(text, language) {
  const typed = clean(text).replace(/[−–]/g, "-");
  if (typed.length > LONGEST) return null;
  if (language === "plain" && EXPONENT.test(typed)) return bounded(Number(typed));
  const match = SHAPES[language].exec(language === "plain" ? typed : typed.replace(/%$/, "").trimEnd());
  return match && bounded(Number(`${match[1]}${match[2].replace(/\D/g, "")}.${match[3] ?? "0"}`));
}

const bounded = (number) => (Math.abs(number) < MOST ? number : null);

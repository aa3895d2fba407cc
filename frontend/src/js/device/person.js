// Whose phone is it? What is done here belongs to an account, to somebody chosen on this phone, or to the phone itself.
import { cookie, store } from "../dom.js";
import { change } from "./db.js";

/** Whoever uses this phone without a name and without an account. */
export const PHONE = "phone";
const CHOSEN = "hv.person";
const SEEN = "hv.account";
export const ASK = "hv.ask";

/** The opaque key of the account that is signed in; empty when none is. */
export const account = () => cookie("hv_in").slice(1) && cookie("hv_in");
/** Who learns now: somebody chosen on this phone comes before the account that is signed in. */
export const who = () => chosen().id || account() || PHONE;
/** Somebody chosen on this phone: {id, name}; empty for nobody. */
export const chosen = () => store.get(CHOSEN, {});
export const choose = (person = {}) => store.set(CHOSEN, person);

/** What a signed-out account leaves: nothing but what waits to be sent, under its opaque key; an erased one not even that. */
const forget = (key) =>
  change((put, drop) => {
    drop(["lesson", key]);
    if (cookie("hv_erased")) drop(["act", key]);
  }).catch(() => {});

/** Notice that somebody signed in or out since the last page; who signs in is asked about what was done just before. */
export async function settle() {
  const before = store.get(SEEN, "");
  const now = account();
  if (before === now) return;
  if (before) await forget(before);
  if (now) {
    store.set(ASK, chosen().id || PHONE);
    choose();
  }
  store.set(SEEN, now);
}

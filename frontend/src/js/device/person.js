// Whose phone is it? What is done here belongs to an account, to somebody chosen on this phone, or to the phone itself.
import { cookie, store } from "../dom.js";
import { change } from "./db.js";

/** Whoever uses this phone without a name and without an account. */
export const PHONE = "phone";
const CHOSEN = "hv.person";
const SEEN = "hv.account";
export const ASK = "hv.ask";
const PUSHED = "hv.push"; // the account that the site calls on this phone

/** The opaque key of the account that is signed in; empty when none is. */
export const account = () => cookie("hv_in").slice(1) && cookie("hv_in");
/** Whether this page is the account's, whoever is chosen on this phone: tests, certificates, reviews. */
export const isOfAccount = () => Boolean(account()) && "ofAccount" in document.body.dataset;
/** Who learns now: somebody chosen on this phone comes before the account that is signed in. */
export const who = () => (!isOfAccount() && chosen().id) || account() || PHONE;
/** Somebody chosen on this phone: {id, name}; empty for nobody. */
export const chosen = () => store.get(CHOSEN, {});
export const choose = (person = {}) => store.set(CHOSEN, person);

/** What a signed-out account leaves: nothing but what waits to be sent, under its opaque key; an erased one not even that. */
const forget = (key) =>
  change((put, drop) => {
    drop(["lesson", key]);
    if (cookie("hv_erased") === key) drop(["act", key]);
  }).catch(() => {});

/** From now on the site calls this account on this phone. */
export const calls = () => store.set(PUSHED, account());

/** This browser is called no more: what is due to one is nothing for whoever has the phone next. */
export async function noMoreCalls() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
  store.set(PUSHED, null);
}

/** Notice that somebody signed in or out since the last page; who signs in is asked about what was done just before. */
export async function settle() {
  const before = store.get(SEEN, "");
  const now = account();
  if (before === now) return;
  if (before) {
    globalThis.caches?.delete("hv-visits"); // what an inspector carried along
    await forget(before);
    if (store.get(SEEN, "") !== before) return; // another script of this page, or another tab, was first
  }
  if (now) {
    if (store.get(PUSHED, now) !== now) noMoreCalls().catch(() => {});
    store.set(ASK, chosen().id || PHONE);
    choose();
  }
  store.set(SEEN, now);
}

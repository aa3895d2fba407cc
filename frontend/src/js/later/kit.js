// What app.js carries already is not carried again: a player is given it when it begins (`take`), and the parts of a
// player import it from here.
export let WELL, answer, arrive, ask, button, el, ending, further, icon, plain, reveal, settle, stage;

/** Called once, by the entry that app.js loaded. */
export function take(kit) {
  ({ WELL, answer, arrive, ask, button, el, ending, further, icon, plain, reveal, settle, stage } = kit);
}

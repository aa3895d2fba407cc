// What is known of whoever looks: from this device, and from the account where somebody is signed in.
import { signedIn } from "../dom.js";

const RANK = { "under-way": 1, done: 2 };

/**
 * {lessons: {address: {state, at}}, due, week}: the further state of both, what is about to be forgotten, goal and chain.
 * What belongs to this device is given: an entry that is loaded later has none of its own.
 */
export async function knownProgress({ account, chosen, ended, localProgress }) {
  const lessons = { ...(await localProgress()) };
  let due = 0;
  let week = null;
  if (signedIn() && !chosen().id) {
    const line = account();
    try {
      const answer = await fetch("/viec-hoc/trang-thai.json");
      if (answer.status === 401) await ended(line);
      if (answer.ok) {
        const told = await answer.json();
        ({ due, week } = told);
        for (const [address, one] of Object.entries(told.lessons)) {
          if (RANK[one.state] >= (RANK[lessons[address]?.state] ?? 0)) lessons[address] = one;
        }
      }
    } catch {
      /* no line: what the device knows */
    }
  }
  return { lessons, due, week };
}

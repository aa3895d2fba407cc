// What was written and not sent yet, on this device: rows of whoever wrote it, by the address of the lesson's page.
import { change, rows } from "../../device/db.js";
import { account, PHONE } from "../../device/person.js";
import { uuid } from "../../dom.js";

const LIVE = "live"; // what an open page holds, by the page
const LEFT = "left"; // what an earlier page left behind

/** Pages that are open: each holds a lock as long as it is there. */
async function openPages() {
  const known = await navigator.locks?.query();
  return new Set(known?.held.map((lock) => lock.name));
}

/** The shelf of a form. */
export function shelfOf(form) {
  const page = uuid();
  navigator.locks?.request(page, () => new Promise(() => {})).catch(() => {});
  const key = (...part) => ["text", account() || PHONE, form.action, ...part];
  const [live, left] = [key(LIVE), key(LEFT)]; // of whoever opened the page, also once the session ended
  return {
    keep: (row) => change((put) => put([...live, page], { ...row, page, at: Date.now() })),
    drop: () => change((_put, drop) => drop([...live, page])).catch(() => {}),
    dropLeft: ({ page: other }) => change((_put, drop) => drop([...left, other])).catch(() => {}),
    /** What earlier pages left that is not what the site has; each stays until it is decided about. */
    async left(text) {
      const [held, older, open] = await Promise.all([rows(live), rows(left), openPages()]);
      const gone = held.filter((row) => !open.has(row.page));
      const other = [...older, ...gone].filter((row) => row.text !== text);
      await change((put, drop) => {
        for (const row of gone) drop([...live, row.page]);
        drop(left);
        for (const { key: _, ...row } of other) put([...left, row.page], row);
      });
      return other;
    },
  };
}

// What was written and not sent yet, on this device: rows of whoever wrote it, by the address of the lesson's page.
import { account, PHONE } from "../../device/person.js";
import { change, rows } from "../../device/db.js";

const LIVE = "live"; // what this page holds
const LEFT = "left"; // what an earlier page left behind

/** The shelf of a form. */
export function shelfOf(form) {
  const key = (...part) => ["text", account() || PHONE, form.action, ...part];
  const [live, left] = [key(LIVE), key(LEFT)]; // of whoever opened the page, also once the session ended
  return {
    keep: (row) => change((put) => put(live, { ...row, at: Date.now() })),
    drop: () => change((_put, drop) => drop(live)).catch(() => {}),
    dropLeft: ({ at }) => change((_put, drop) => drop([...left, at])).catch(() => {}),
    /** What earlier pages left that is not what the site has; each stays until it is decided about. */
    async left(text) {
      const [[fresh], older] = await Promise.all([rows(live, 1), rows(left)]);
      const all = fresh ? [...older, fresh] : older;
      const other = all.filter((row) => row.text !== text);
      await change((put, drop) => {
        drop(live);
        drop(left);
        for (const row of other) put([...left, row.at], { text: row.text, base: row.base, version: row.version, at: row.at });
      });
      return other;
    },
  };
}

// This device's own database: one store whose keys say what a row is.
//   ["act", line, at, id]           what was done and waits to be sent, in the line of one person
//   ["lesson", who, address, part]  how far somebody is: a row a part, so that no tab overwrites what another did
//   ["person", id]                  somebody of this phone
//   ["text", who, address, part]    of a lesson being written: what was not sent yet
//   ["visit", visit, who, …]        of an inspector's visit "sheet": answers and sheets that wait; "photo", id: one that waits
import { createStore, promisifyRequest as settled } from "idb-keyval";

const PATIENCE = 4000; // some browsers' databases hang: then things are held in memory, as where there is none
let store;
const late = () => new Promise((_answer, fail) => setTimeout(fail, PATIENCE, new Error("the database hangs")));
const inTime = async (mode, work) => (store ??= createStore("hocvuso", "rows"))(mode, work);
const use = (mode, work) => Promise.race([inTime(mode, work), late()]);
const beneath = (key) => IDBKeyRange.bound(key, [...key, []]);

/** Rows whose keys begin so, in order. Rejects where the browser gives no database. */
export const rows = (key, count) => use("readonly", (all) => settled(all.getAll(beneath(key), count)));

/**
 * Changes that come together or not at all, on the disk when it resolves: `work(put, drop)`. Committed at once, so that
 * they are kept also when the tab is closed in this very moment.
 */
export const change = (work) =>
  use("readwrite", (all) => {
    const { transaction } = all;
    work(
      (key, row) => all.put({ ...row, key }, key),
      (key) => all.delete(beneath(key)),
    );
    transaction.commit?.();
    return settled(transaction);
  });

// Saving against a server that merges, with lines that break: nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Ended, Saver } from "../../src/js/studio/saving/saver.js";
import { merge, mergedText } from "../../src/js/studio/text/merge.js";

/** A server as the studio's: versions, and a merge by lines. */
function server(text) {
  const versions = [text];
  const now = () => versions.length - 1;
  const store = (next) => next === versions[now()] || versions.push(next);
  const post = ({ text: mine, base, version }) => {
    const theirs = versions[now()];
    if (version === now()) store(mine);
    else {
      const parts = merge(base, mine, theirs);
      if (parts.some((part) => !part.text)) return { status: 409, data: { version: now(), text: theirs, by: "Lan" } };
      store(mergedText(parts));
    }
    return { status: 200, data: { version: now(), text: versions[now()], merged: versions[now()] !== mine } };
  };
  return { post, store, get: () => ({ status: 200, data: { version: now(), text: versions[now()], by: "Lan" } }), text: () => versions[now()] };
}

function desk(site, text = site.text()) {
  const here = { text, kept: null, told: [], broken: null, held: [] };
  const port = {
    text: () => here.text,
    busy: () => false,
    take: (next) => (here.text = next),
    send: async (fields) => {
      if (here.broken) throw here.broken;
      if (here.hold) await new Promise((go) => here.held.push(go));
      return site.post(fields);
    },
    ask: async () => site.get(),
    keep: async (row) => (here.kept = row),
    drop: () => (here.kept = null),
    tell: (state) => here.told.push(state),
  };
  here.saver = new Saver(port, site.get().data);
  here.write = (next) => {
    here.text = next;
    here.saver.changed();
  };
  return here;
}

test("what is written is saved, and nothing is kept when it is", async () => {
  const site = server("a\n");
  const mine = desk(site);
  mine.write("a b\n");
  await mine.saver.save();
  assert.equal(site.text(), "a b\n");
  assert.equal(mine.kept, null);
  assert.equal(mine.saver.unsent, false);
});

test("two who write at different places both have all", async () => {
  const site = server("a\n\nb\n");
  const [mine, hers] = [desk(site), desk(site)];
  mine.write("a1\n\nb\n");
  await mine.saver.save();
  hers.write("a\n\nb2\n");
  await hers.saver.save();
  assert.equal(hers.text, "a1\n\nb2\n");
  await mine.saver.poll();
  assert.equal(mine.text, "a1\n\nb2\n");
  assert.equal(mine.told.at(-1), "taken");
});

test("who writes on while a merge is under way keeps what was written, and the next save merges", async () => {
  const site = server("a\n\nb\n");
  const mine = desk(site);
  site.store("a\n\nb2\n");
  mine.hold = true;
  mine.write("a1\n\nb\n");
  const saving = mine.saver.save();
  mine.write("a1 x\n\nb\n");
  mine.hold = false;
  mine.held.pop()();
  await saving;
  assert.equal(mine.text, "a1 x\n\nb\n");
  await mine.saver.save();
  assert.equal(mine.text, "a1 x\n\nb2\n");
  assert.equal(site.text(), mine.text);
});

test("one request at a time; what came meanwhile follows", async () => {
  const site = server("a\n");
  const mine = desk(site);
  mine.hold = true;
  mine.write("a1\n");
  const saving = mine.saver.save();
  mine.write("a2\n");
  await mine.saver.save();
  assert.equal(mine.held.length, 1);
  mine.hold = false;
  mine.held.pop()();
  await saving;
  await pause(10);
  assert.equal(site.text(), "a2\n");
});

test("the same place changed by two is asked about, and the answer is saved", async () => {
  const site = server("a\n\nb\n");
  const mine = desk(site);
  site.store("a lan\n\nb lan\n");
  mine.write("a tôi\n\nb\n");
  await mine.saver.save();
  assert.equal(mine.told.at(-1), "conflict");
  mine.write("a tôi viết tiếp\n\nb\n");
  await mine.saver.save();
  assert.equal(site.text(), "a lan\n\nb lan\n");
  assert.equal(mine.kept.text, "a tôi viết tiếp\n\nb\n");
  const { base, theirs } = mine.saver.conflict;
  await mine.saver.resolve(mergedText(merge(base, mine.text, theirs), () => "mine"));
  assert.equal(site.text(), "a tôi viết tiếp\n\nb lan\n");
});

test("without a line it is kept on the device, and sent when there is one again", async () => {
  const site = server("a\n");
  const mine = desk(site);
  mine.broken = new TypeError("no network");
  mine.write("a b\n");
  await mine.saver.save();
  await pause(5);
  assert.equal(mine.told.at(-1), "waiting");
  assert.deepEqual(mine.kept, { text: "a b\n", base: "a\n", version: 0 });
  assert.equal(mine.saver.atRisk, false);
  mine.broken = null;
  await mine.saver.save();
  assert.equal(site.text(), "a b\n");
});

test("a session that ended is told, and tried again when one comes back", async () => {
  const site = server("a\n");
  const mine = desk(site);
  mine.broken = new Ended();
  mine.write("a b\n");
  await mine.saver.save();
  assert.equal(mine.told.at(-1), "ended");
  mine.broken = null;
  await mine.saver.poll();
  assert.equal(site.text(), "a b\n");
});

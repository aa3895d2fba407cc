// Keeps the server's text and ours together: one request at a time, nothing lost. What the site answers and what the
// network does arrives here; how it is shown is the page's matter. No part of this knows a document or an element.

const PAUSE = 1000; // after the last key
const LONGEST = 2000; // of writing on and on
const PAUSES = [2000, 4000, 8000, 15000, 30000, 60000];

export class Ended extends Error {}

export class Faults extends Error {
  constructor(faults) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/**
 * `port` is what this stands on:
 *   text()                  what is written now
 *   busy()                  whether a letter is being composed, which nothing may come between
 *   take(text)              puts the server's text in place of ours
 *   send(fields, options)   -> {status, data}; rejects where there is no network, throws Ended where the session ended
 *   ask()                   -> {status, data}: the text as the server has it
 *   keep(row), drop()       what was not sent, on this device
 *   tell(state, details)    saving, saved, waiting, ended, faults, conflict, taken
 */
export class Saver {
  constructor(port, { text, version }) {
    Object.assign(this, { port, base: text, version, sent: null, again: false, tries: 0, conflict: null, kept: null, since: 0, timer: 0, ended: false });
  }

  get unsent() {
    return this.port.text() !== this.base;
  }

  /** Neither sent nor kept on this device. */
  get atRisk() {
    return this.unsent && this.kept !== this.port.text();
  }

  /** Something was written. */
  changed(now = Date.now()) {
    if (!this.unsent) return this.calm();
    this.keep();
    this.tries = 0;
    if (this.conflict) return;
    this.since ||= now;
    this.plan(Math.min(PAUSE, Math.max(0, this.since + LONGEST - now)));
  }

  calm() {
    clearTimeout(this.timer);
    this.since = 0;
  }

  plan(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async keep() {
    const text = this.port.text();
    const row = { text, base: this.base, version: this.version };
    try {
      await this.port.keep(row);
      this.kept = text;
    } catch {
      this.kept = null; // then leaving the page is warned of
    }
  }

  /** Send what is written, now. */
  async save(options = {}) {
    this.calm();
    if (this.conflict) return;
    if (this.sent !== null && !options.keepalive) {
      this.again = true;
      return;
    }
    if (!this.unsent) return this.settled();
    await this.request(options);
  }

  /** A request of a page that goes away overtakes the one under way: it starts from what that one brings. */
  async request(options) {
    const text = this.port.text();
    const fields = { text, base: this.sent ?? this.base, version: this.version };
    const mine = (this.sent = text);
    this.port.tell("saving");
    try {
      const answer = await this.port.send(fields, options);
      if (this.sent === mine) this.answered(answer, text);
    } catch (error) {
      if (this.sent === mine) this.failed(error);
    }
  }

  answered({ status, data }, sent) {
    this.sent = null;
    this.tries = 0;
    this.ended = false;
    if (status === 409) return this.conflicted(data);
    const typed = this.port.text() !== sent || this.port.busy();
    if (data.text === sent) Object.assign(this, { base: sent, version: data.version });
    else if (typed) this.base = sent; // the next save, from the old version, merges
    else this.replace(data);
    this.port.tell("saved", data);
    this.next();
  }

  replace({ text, version }) {
    this.port.take(text);
    Object.assign(this, { base: text, version });
  }

  next() {
    const again = this.again;
    this.again = false;
    if (!this.unsent) return this.settled();
    if (again) this.save();
    else this.changed();
  }

  settled() {
    this.calm();
    this.kept = null;
    this.port.drop();
  }

  failed(error) {
    this.sent = null;
    this.again = false;
    this.keep();
    if (error instanceof Faults) return this.port.tell("faults", error);
    if (error instanceof Ended) {
      this.ended = true;
      return this.port.tell("ended");
    }
    this.port.tell("waiting");
    this.plan(PAUSES[Math.min(this.tries++, PAUSES.length - 1)]);
  }

  conflicted(data) {
    this.again = false;
    this.conflict = { base: this.base, theirs: data.text, version: data.version, by: data.by };
    this.keep();
    this.port.tell("conflict", this.conflict);
  }

  /** Whoever writes chose: `text` stands for both. */
  resolve(text) {
    const { theirs, version } = this.conflict;
    this.conflict = null;
    this.port.take(text);
    Object.assign(this, { base: theirs, version });
    return this.save();
  }

  /** What another wrote comes in where nothing of ours waits. */
  async poll() {
    if (this.sent !== null || this.conflict) return;
    if (this.unsent) return this.ended ? this.save() : undefined;
    const { base } = this;
    let answer;
    try {
      answer = await this.port.ask();
    } catch (error) {
      if (error instanceof Ended) this.port.tell("ended");
      return;
    }
    if (this.sent !== null || this.unsent || this.base !== base || this.port.busy()) return;
    const { data } = answer;
    const other = data.text !== this.base;
    if (other) this.replace(data);
    else this.version = data.version;
    this.port.tell(other ? "taken" : "same", data);
  }
}

// Plays a lesson in its page, rightly or wrongly, and tells what had to be read or pressed next but was not in view.
async (rightly) => {
  const faults = [];
  const practice = document.querySelector(".practice");
  const data = JSON.parse(practice.querySelector("script").textContent);
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.offsetParent);
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  const fault = (node) => {
    const { top, bottom, left, width } = node.getBoundingClientRect();
    if (top < -1 || bottom > innerHeight + 1) return `out of view (${Math.round(top)} to ${Math.round(bottom)})`;
    if (node.matches(".feedback") && node.scrollHeight > node.clientHeight + 2) return "cut";
    const hits = [top + 3, bottom - 3].map((y) => document.elementFromPoint(left + width / 2, y));
    return hits.every((hit) => node.contains(hit) || hit?.contains(node)) ? "" : "covered";
  };
  const look = async (when, ...wanted) => {
    await painted();
    for (const one of wanted) {
      const nodes = typeof one === "string" ? shown(one) : [one];
      if (!nodes.length) faults.push(`${when}: no ${one}`);
      for (const node of nodes) if (fault(node)) faults.push(`${when}: ${node.className || node.tagName} ${fault(node)}`);
    }
  };
  const next = () => shown(".practice .actions button")[0].click();

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const point = (node, kind, x = 0, y = 0) => node.dispatchEvent(new PointerEvent(kind, { pointerId: 1, isPrimary: true, bubbles: true, clientX: x, clientY: y }));
  const slide = (input, level) => {
    point(input, "pointerdown");
    input.value = level;
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
    point(window, "pointerup");
  };
  const acts = {
    tap: (node) => node.click(),
    field(node, step) {
      node.value = step.type[0];
      node.form.requestSubmit();
    },
    dial(node, step) {
      const keys = [...node.querySelectorAll(".key")];
      for (const digit of step.type[0]) keys.find((key) => key.textContent.startsWith(digit)).click();
      node.querySelector(".go").click();
    },
    swipe(node) {
      const [x, y] = { left: [-99, 0], right: [99, 0], up: [0, -99], down: [0, 99] }[node.dataset.way];
      point(node, "pointerdown");
      point(node, "pointermove", x, y);
      point(node, "pointerup", x, y);
    },
    async hold(node) {
      point(node, "pointerdown");
      await wait(700);
      point(window, "pointerup");
    },
    drag: (node, step) => slide(node, Math.floor(((step.at_least ?? 0) + (step.at_most ?? 10)) / 2)),
  };

  async function simulation() {
    for (const [at, step] of data.steps.entries()) {
      const act = Object.keys(acts).find((name) => step[name]);
      const target = document.querySelector(`.stage [data-el="${step[act]}"]`);
      if (at) await look(`step ${at + 1}`, ".practice .feedback", ".practice .say", target);
      const other = shown(".stage button[data-el]").find((node) => node !== target);
      for (let slip = 0; !rightly && other && slip < 2; slip++) {
        other.click();
        await look(`step ${at + 1}, slip ${slip + 1}`, ".practice .feedback", target);
      }
      if (!rightly && other && !target.matches(".pointed, .pointed *, form *")) faults.push(`step ${at + 1}: not marked after two slips`);
      if (!rightly && act !== "tap") {
        if (act === "drag") slide(target, target.value);
        else if (act !== "field" && act !== "dial") target.click();
        await look(`step ${at + 1}, not far enough`, ".practice .feedback", target);
      }
      await acts[act](target, step);
      await wait(act === "hold" || act === "swipe" ? 60 : 0); // what ends a gesture taps nothing
    }
  }
  async function inbox() {
    for (const [at, message] of data.messages.entries()) {
      if (at) await look(`message ${at + 1}`, ".practice .message", ".practice .bins button");
      const bin = rightly ? message.bin : data.bins.find((other) => other.id !== message.bin).id;
      document.querySelector(`[data-bin="${bin}"]`).click();
      await look(`message ${at + 1}, sorted`, ".practice .feedback", ".practice .actions button");
      next();
    }
  }
  async function chat() {
    for (const [at, turn] of data.turns.entries()) {
      if (at) await look(`turn ${at + 1}`, shown(".talk .el-bubble").at(-1), ".practice .replies button");
      shown(".replies button")[turn.replies.findIndex((reply) => Boolean(reply.good) === rightly)].click();
      await look(`turn ${at + 1}, answered`, ".practice .feedback", ".practice .actions button");
      next();
    }
  }
  async function making() {
    const area = document.querySelector(".stage textarea");
    area.value = rightly ? data.exemplar : "x";
    area.dispatchEvent(new Event("input"));
    next();
    await look("checked", ".practice .feedback", ".practice .actions button");
    shown(".practice .actions button").at(-1).click();
    await look("to be ticked", ".practice .say", ".practice .actions button");
    for (const box of rightly ? shown(".stage input") : []) box.click();
    next();
  }
  async function check(form) {
    const { type, right } = JSON.parse(form.querySelector("script").textContent);
    form.scrollIntoView({ block: "start", behavior: "instant" });
    const wrong = right.includes(0) ? 1 : 0;
    for (const input of form.querySelectorAll("input")) {
      const value = Number(input.value);
      input.checked = rightly ? right.includes(value) : type === "choice" ? value === wrong : !right.includes(value);
    }
    const lines = [...form.querySelectorAll("[data-option]")]; // as they stand they are never in order
    if (rightly) lines.sort((a, b) => a.dataset.option - b.dataset.option).forEach((line) => line.parentNode.append(line));
    for (let tries = 0; tries < (rightly ? 1 : 2); tries++) {
      form.requestSubmit(form.querySelector("[type=submit]"));
      await look(form.dataset.item, form.querySelector(".feedback"), `[data-item="${form.dataset.item}"] .dock button`);
    }
    if (!rightly && type !== "order" && !form.querySelector(".right")) faults.push(`${form.dataset.item}: the right one is not marked`);
  }

  const top = practice.getBoundingClientRect().top + scrollY;
  practice.querySelector(".player").scrollIntoView({ block: "start", behavior: "instant" });
  await { simulation, inbox, chat, making }[data.kind]();
  await look("ending", ".practice .score", ".practice .actions button");
  for (const form of shown("form.check")) await check(form);
  for (let tries = 0; tries < 50 && !shown(".end h2").length; tries++) await wait(100); // what was done is kept first
  shown("form.check").at(-1).querySelector(".check-actions").lastElementChild.click();
  await look("end", shown(".end h2")[0], ".end .dock .button");
  return { faults, top, weak: Boolean(shown("[data-weak]").length) };
}

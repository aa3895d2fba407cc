// Lines to put in order: with JavaScript they are moved up and down; without, each has a choice of its place.
import { el, sayIn } from "../dom.js";

const rows = (form) => [...form.querySelectorAll(".option.order")];

/** The lines as they stand now, by their number in the item. */
export const places = (form) => rows(form).map((row) => Number(row.dataset.option));

/** Put the lines as they stood. */
export function arrange(form, order) {
  const all = rows(form);
  const box = all[0].parentNode;
  for (const n of order) box.append(...all.filter((row) => Number(row.dataset.option) === n));
  refresh(form);
}

function refresh(form) {
  const all = rows(form);
  all.forEach((row, index) => {
    row.querySelector(".place").textContent = row.querySelector("input").value = index + 1;
    const [up, down] = row.querySelectorAll("button");
    up.disabled = index === 0;
    down.disabled = index === all.length - 1;
  });
}

function move(form, row, way, status) {
  const say = sayIn(form);
  const other = way < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (way < 0) other.before(row);
  else other.after(row);
  refresh(form);
  const [up, down] = row.querySelectorAll("button");
  const wanted = way < 0 ? up : down;
  (wanted.disabled ? (way < 0 ? down : up) : wanted).focus();
  form.dispatchEvent(new Event("change"));
  const at = rows(form).indexOf(row) + 1;
  const name = row.querySelector(".words").textContent;
  status.textContent = say(`${name}: vị trí ${at}`, `${name}: place ${at}`);
}

/** Turn the choices of places into buttons that move a line. */
export function mountOrder(form) {
  const say = sayIn(form);
  const status = el("span", { class: "visually-hidden", role: "status" });
  form.querySelector(".hint").textContent = say("Bấm mũi tên để đưa mỗi việc lên hoặc xuống cho đúng thứ tự.", "Use the arrows to put the lines in order.");
  for (const row of rows(form)) {
    const words = row.querySelector("span");
    const arrow = (way, sign, name) =>
      el("button", { type: "button", class: "arrow", "aria-label": `${name}: ${words.textContent}`, on: { click: () => move(form, row, way, status) } }, sign);
    words.classList.add("words");
    const choice = row.querySelector("select");
    choice.replaceWith(el("b", { class: "place", "aria-hidden": "true" }), el("input", { type: "hidden", name: choice.name }));
    row.append(arrow(-1, "↑", say("Lên", "Up")), arrow(1, "↓", say("Xuống", "Down")));
  }
  form.append(status);
  refresh(form);
}

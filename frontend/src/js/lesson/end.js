// The end of a lesson: true praise, what to try again, what next; sharing and sound where they are wanted.
import { el, say, signedIn } from "../dom.js";
import { chime } from "./lazy.js";
import { goTo } from "./next.js";

const WELL = 0.6;

/** Parts that went badly, each with the words that lead back to it. */
function again() {
  const parts = [...document.querySelectorAll("[data-done]")].filter((part) => part.dataset.done < (part.dataset.item ? 1 : WELL));
  return parts.map((part) => [part, part.querySelector("h2, legend").textContent]);
}

/** Show the end, or what it says now; whoever only read on finds it beneath the text. */
export function showEnd() {
  const end = document.querySelector("[data-end]");
  if (!end) return;
  const weak = again();
  end.querySelector("[data-well]").hidden = weak.length > 0;
  end.querySelector("[data-weak]").hidden = !weak.length;
  const back = ([part, words]) => el("li", {}, el("button", { class: "button plain", type: "button", on: { click: () => goTo(part) } }, words));
  end.querySelector("[data-again]").replaceChildren(...weak.map(back));
  end.setAttribute("aria-labelledby", weak.length ? "end-weak" : "end-well");
  if (!end.hidden) return;
  end.hidden = false;
  if (!weak.length) chime("end");
  if (!signedIn()) {
    const onward = `/tai-khoan/dang-nhap/?next=${encodeURIComponent(location.pathname)}`;
    end.querySelector("[data-keep]").append(say("Muốn giữ lại kết quả? ", "Keep your results? "), el("a", { href: onward }, say("Đăng nhập", "Sign in")));
  }
}

// Learning together is loaded where somebody opens it, came by an invitation, or learns in turns in this tab.
import { tellMissing } from "../lesson/tools.js";

export const TWO = "hv.two";
export const INVITED = "#moi=";

function inTurns() {
  try {
    return TWO in sessionStorage;
  } catch {
    return false; // storage is shut
  }
}

export function mountTogether() {
  document.querySelectorAll("[data-together]").forEach((node, n) => {
    const load = (what) => import(node.dataset.together).then((all) => all[what](node));
    if (node.dataset.invite) node.addEventListener("toggle", () => load("invite").catch(() => {}), { once: true }); // its address can be copied
    else {
      node.hidden = false;
      node.addEventListener("click", () => load("choose").catch(() => tellMissing(node)));
      if (inTurns()) load("goOn").catch(() => {});
    }
    if (!n && location.hash.startsWith(INVITED)) load("greet").catch(() => {});
  });
}

// Learning together is loaded where somebody opens it, came by an invitation, or learns in turns in this tab.
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
    const load = (what) => import(node.dataset.together).then((all) => all[what](node)).catch(() => {});
    if (node.dataset.invite) node.addEventListener("toggle", () => load("invite"), { once: true });
    else {
      node.hidden = false;
      node.addEventListener("click", () => load("choose"));
      if (inTurns()) load("goOn");
    }
    if (!n && location.hash.startsWith(INVITED)) load("greet");
  });
}

// The page of long work is fresh by itself while it goes on; when it is over the whole page is drawn anew.
const EVERY = 1500, LONGEST = 15000; // milliseconds

export function followJob() {
  if (document.querySelector('[data-job="living"]')) setTimeout(look, EVERY, EVERY);
}

async function look(pause) {
  let next = Math.min(pause * 1.1, LONGEST);
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) return location.reload();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-job]");
      if (fresh?.dataset.job !== "living") return location.reload();
      const shown = document.querySelector("[data-job]");
      if (fresh.innerHTML !== shown.innerHTML) {
        shown.replaceChildren(...fresh.childNodes);
        next = EVERY;
      }
    } catch {
      next = LONGEST; // no line: the work goes on at the server
    }
  }
  setTimeout(look, next, next);
}

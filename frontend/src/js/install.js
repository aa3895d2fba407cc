// "Put it on the home screen": offered where it is asked for (later/ending.js), never by the browser at a moment of its own.
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

/** What the browser would offer; null where the site is there already, or cannot be. */
export const offered = () => offer;

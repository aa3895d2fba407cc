// Learning time is the time in which the page could be seen.
let before = 0;
let since = document.hidden ? 0 : performance.now();

const now = () => before + (since && performance.now() - since);

document.addEventListener("visibilitychange", () => {
  before = now();
  since = document.hidden ? 0 : performance.now();
});

/** Seconds in view since the last call of `duration`. */
export const seconds = () => Math.round(now() / 1000);

/** The same as an ISO 8601 duration, at most half an hour; counting begins anew. */
export function duration() {
  const spent = Math.min(1800, seconds());
  before = 0;
  since = since && performance.now();
  return `PT${spent}S`;
}

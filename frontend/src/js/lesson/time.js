// Learning time is the time in which the page could be seen.
const clock = () => performance.now();
let before = 0;
let since = document.hidden ? null : clock();

const spent = () => before + (since === null ? 0 : clock() - since);

document.addEventListener("visibilitychange", () => {
  before = spent();
  since = document.hidden ? null : clock();
});

/** Seconds in view since the last call of `duration`. */
export const seconds = () => Math.round(spent() / 1000);

/** The same as an ISO 8601 duration, at most half an hour; counting begins anew. */
export function duration() {
  const counted = Math.min(1800, seconds());
  before = 0;
  since = since === null ? null : clock();
  return `PT${counted}S`;
}

// A wall screen is fresh by itself.
const MINUTE = 60000;

export function keepFresh() {
  if (document.body.classList.contains("wall")) setTimeout(() => location.reload(), MINUTE);
}

// "Put it on the home screen": offered where it is asked for, never by the browser at a moment of its own.
import { button, el, say, store } from "./dom.js";

const REFUSED = "hv.install";
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

const onIPhone = () => /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;

/** Offer it inside `place`, once a lesson is done; nothing where it is there already, cannot be, or was refused. */
export function offerInstall(place) {
  if (store.get(REFUSED, false)) return;
  if (onIPhone()) {
    place.append(el("p", {}, say("Đưa Học vụ số ra màn hình chính: chạm nút Chia sẻ, rồi “Thêm vào MH chính”.", "Put Học vụ số on your home screen: tap Share, then “Add to Home Screen”.")));
  } else if (offer) {
    const ask = button("button quiet", async () => {
      offer.prompt();
      if ((await offer.userChoice).outcome !== "accepted") store.set(REFUSED, true);
      ask.remove();
    }, say("Đưa Học vụ số ra màn hình chính", "Put Học vụ số on the home screen"));
    place.append(el("p", {}, ask));
  }
}

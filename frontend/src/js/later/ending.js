// Beneath the praise at the end of a lesson: this week's goal, and the offer to put the site on the home screen.
import { button, el, say, store } from "../dom.js";
import { knownProgress } from "../home/progress.js";
import { showWeek } from "../home/week.js";

const REFUSED = "hv.install";
const onIPhone = () => /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;

/** Nothing where it is there already, cannot be, or was refused. */
function offerInstall(place, offer) {
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

export default async function mount(device, end) {
  offerInstall(end, device.offered());
  const { lessons, week } = await knownProgress(device);
  const dots = el("span", { class: "dots", "aria-hidden": "true" });
  const words = el("small");
  showWeek(dots, words, lessons, week);
  end.querySelector(".dock").before(el("p", { class: "week" }, el("b", {}, say("Tuần này", "This week")), dots, words));
}

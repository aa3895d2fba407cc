// What a lesson can be read and practised without comes when it is asked for: reading aloud, sharing, sound.
import { store } from "../dom.js";

export const SOUND = "hv.sound";

/** The module of the extras; its address, named by its content, stands in the page. */
export const extras = async () => import(document.querySelector("[data-extras]").dataset.extras);

/** A soft sound, where the learner turned it on; pages without extras are silent. name: right, end, passed. */
export function chime(name) {
  if (store.get(SOUND, 0)) extras().then((all) => all.chime(name)).catch(() => {});
}

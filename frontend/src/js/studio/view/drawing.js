// Pictures in the editor: a drawing is shown as the page shows it, in the colours of the theme, made of known shapes only.
import { el, say } from "../../dom.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "text", "tspan", "defs", "clipPath"]);
const ATTRIBUTES = /^(viewBox|d|c[xy]|r[xy]?|[xy][12]?|d[xy]|width|height|points|transform|class|id|fill|fill-opacity|fill-rule|stroke(-width|-linecap|-linejoin|-dasharray|-opacity)?|opacity|font-(size|weight|family)|text-anchor|dominant-baseline|letter-spacing)$/;

/** A copy made of what is known; nothing else is carried over. */
function copied(given) {
  const made = document.createElementNS(SVG, given.localName);
  for (const { name, value } of given.attributes) if (ATTRIBUTES.test(name)) made.setAttribute(name, value);
  for (const child of given.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) made.append(child.data);
    else if (SHAPES.has(child.localName)) made.append(copied(child));
  }
  return made;
}

async function drawing(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const root = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (root.localName !== "svg") throw new Error("no drawing");
  const made = copied(root);
  for (const side of ["width", "height"]) made.removeAttribute(side);
  made.setAttribute("class", "pic");
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** Show the picture of this name in `host`. */
export async function show(host, name, address) {
  const missing = () => host.replaceChildren(el("p", { class: "missing" }, say(`Chưa có hình “${name}”`, `No picture “${name}” yet`)));
  if (!address) return missing();
  const photograph = () => host.replaceChildren(el("img", { src: address, alt: "", on: { error: missing } }));
  if (!/\.svg$/i.test(name)) return photograph();
  try {
    host.replaceChildren(await drawing(address));
  } catch {
    photograph();
  }
}

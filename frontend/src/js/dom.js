// Small helpers for building elements; text is always set as text, never as HTML.

/** An element with attributes and children; `on` holds listeners, null children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** A button that does something here. */
export const button = (kind, action, ...children) => el("button", { class: kind, type: "button", on: { click: action } }, ...children);

/** An icon of the page's sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1] ?? "";
/** The token of the cross-site guard; over https its cookie bears the prefix that binds it to this host. */
export const csrf = () => cookie("__Host-csrftoken") || cookie("csrftoken");
export const signedIn = () => Boolean(cookie("hv_in"));

/** A signal that breaks a request off that was not answered within so many milliseconds. */
export function within(milliseconds) {
  const breaking = new AbortController();
  setTimeout(() => breaking.abort(), milliseconds);
  return breaking.signal;
}

/** An id made here, also where the browser has no `randomUUID` (pages without TLS). */
export const uuid = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16),
  );

/** localStorage that may be full, shut or absent: then things are simply not kept. */
export const store = {
  get(key, fallback) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
};

/** Sentences in the language of that part of the page: a Vietnamese lesson stays Vietnamese in an English shell. */
export const sayIn = (node) => (node.closest("[lang]")?.lang === "en" ? (vi, en) => en : (vi) => vi);
/** The sentence in the language of the page. */
export const say = sayIn(document.documentElement);

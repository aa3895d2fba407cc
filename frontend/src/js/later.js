// What most pages do not need is loaded when it is: each is an entry of its own, beside app.js.
export const later = {
  leaving: () => import("./later/leaving.js"),
  people: () => import("./later/people.js"),
  saved: () => import("./later/saved.js"),
  saving: () => import("./later/saving.js"),
  whose: () => import("./later/whose.js"),
};

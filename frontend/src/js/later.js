// What most pages do not need is loaded when it is: each is an entry of its own, beside app.js.
export const later = {
  chat: () => import("./later/chat.js"),
  ending: () => import("./later/ending.js"),
  inbox: () => import("./later/inbox.js"),
  leaving: () => import("./later/leaving.js"),
  making: () => import("./later/making.js"),
  people: () => import("./later/people.js"),
  saved: () => import("./later/saved.js"),
  saving: () => import("./later/saving.js"),
  simulation: () => import("./later/simulation.js"),
  whose: () => import("./later/whose.js"),
};

// In the place of ../later.js: the players come with the package, and what belongs to the site stays there.
export const later = {
  chat: () => import("../later/chat.js"),
  inbox: () => import("../later/inbox.js"),
  making: () => import("../later/making.js"),
  simulation: () => import("../later/simulation.js"),
  ending: async () => ({ default() {} }),
};

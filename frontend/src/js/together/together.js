// Learning together: inviting somebody of one's own, being greeted by an invitation, two people in turns on one phone.
export { greet, invite } from "./inviting.js";
export { choose, goOn } from "./turns.js";

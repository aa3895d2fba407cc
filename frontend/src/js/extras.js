// What a lesson loads when it is asked for.
export { chime } from "./lesson/chime.js";
export { readAloud } from "./lesson/read_aloud.js";
export { share } from "./lesson/sharing.js";

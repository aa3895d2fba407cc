// How heavy something is, in words.
import { say } from "../dom.js";

const MB = 1048576;
export const kilobytes = (bytes) => (bytes < MB ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1).replace(".0", "").replace(".", say(",", "."))} MB`);

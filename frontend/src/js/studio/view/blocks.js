// What can be put into a lesson, with its name, words to find it by, and its command. For the toolbar and the insert menu.
import { say } from "../../dom.js";
import { schema } from "../text/schema.js";
import { box, heading, insert, list, quote } from "./commands.js";

const { nodes } = schema;

export const NAMES = {
  steps: say("Các bước", "Steps"),
  example: say("Ví dụ", "Example"),
  warning: say("Cẩn thận", "Take care"),
  remember: say("Ghi nhớ", "Remember"),
  teacher: say("Dành cho người dạy", "For the person who teaches"),
};

export const KINDS_OF_PRACTICE = {
  simulation: say("Tập làm", "Try it"),
  inbox: say("Tập phân loại", "Sort them"),
  chat: say("Tập trò chuyện", "Talk it through"),
  making: say("Tập viết", "Write it"),
};

/** Of a lesson with these parts; `pick(view)` lets one choose a picture. */
export const blocks = (parts, pick) => [
  { icon: "heading", name: say("Tiêu đề", "Heading"), find: "heading h2", run: heading(2) },
  { icon: "small", name: say("Tiêu đề nhỏ", "Small heading"), find: "heading h3", run: heading(3) },
  { icon: "list", name: say("Danh sách", "List"), find: "gach dau dong bullet", run: list(nodes.bullet_list) },
  { icon: "numbers", name: say("Danh sách đánh số", "Numbered list"), find: "so number", run: list(nodes.ordered_list) },
  { icon: "quote", name: say("Trích dẫn", "Quotation"), find: "quote", run: quote },
  ...["steps", "example", "warning", "remember", "teacher"].map((kind) => ({ icon: kind, name: NAMES[kind], find: `khung box ${kind} ${kind === "warning" ? "canh bao" : ""}`, run: box(kind), box: kind })),
  { icon: "check", name: say("Câu hỏi", "Question"), find: "question check", run: (state, dispatch) => insert(nodes.question.create({ key: nextQuestion(state.doc, parts) }))(state, dispatch) },
  { icon: "practice", name: say("Phần thực hành", "Practice"), find: "practice", run: insert(nodes.practice.create()) },
  { icon: "picture", name: say("Hình", "Picture"), find: "anh image", run: (_state, dispatch, view) => !dispatch || pick(view) },
  { icon: "slide", name: say("Ngắt trang chiếu", "Slide break"), find: "slide hr", run: insert(nodes.slide.create()) },
];

/** The first check question that the text does not place yet. */
function nextQuestion(doc, { items }) {
  const placed = new Set(doc.content.content.map((node) => node.attrs.key));
  return (items.find((item) => !placed.has(item.key)) ?? items[0])?.key ?? "c1";
}

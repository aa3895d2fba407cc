// Small windows: the address of a link, the choice of a picture.
import { button, el, say } from "../../dom.js";
import { schema } from "../text/schema.js";
import { hasMark } from "./commands.js";
import { show } from "./drawing.js";

const link = schema.marks.link;

/** A window that is gone when it is closed; then the text has the cursor again. */
function dialog(view, title, ...children) {
  const head = el("h2", { id: "editor-dialog" }, title);
  const shown = el("dialog", { class: "editor-dialog", "aria-labelledby": "editor-dialog" }, head, ...children);
  shown.addEventListener("close", () => {
    shown.remove();
    view.focus();
  });
  document.body.append(shown);
  shown.showModal();
  return shown;
}

/** An address as it is meant: a page without https, a phone number. */
export function address(typed) {
  const text = typed.trim();
  if (/^(https?:\/\/|tel:)\S+$/i.test(text)) return text;
  if (/^\+?[\d .-]{3,}$/.test(text)) return `tel:${text.replace(/[ .-]/g, "")}`;
  return /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text) ? `https://${text}` : null;
}

/** The stretch of text around the cursor that is one link. */
function linked(state) {
  const { $from, from, to, empty } = state.selection;
  if (!empty) return { from, to };
  const mark = link.isInSet($from.marks());
  if (!mark) return { from, to };
  let [start, end] = [from, to];
  $from.parent.forEach((child, offset) => {
    const at = $from.start() + offset;
    if (mark.isInSet(child.marks) && at <= end && at + child.nodeSize >= start) [start, end] = [Math.min(start, at), Math.max(end, at + child.nodeSize)];
  });
  return { from: start, to: end };
}

/** Ask for the address of a link, and set it. */
export function askLink(view) {
  const { from, to } = linked(view.state);
  const old = view.state.doc.rangeHasMark(from, to, link) || hasMark(view.state, link) ? (link.isInSet(view.state.doc.resolve(Math.min(from + 1, to)).marks())?.attrs.href ?? "") : "";
  const input = el("input", { type: "text", inputmode: "url", value: old, autocomplete: "off", "aria-describedby": "editor-wrong" });
  const wrong = el("p", { class: "error", id: "editor-wrong", role: "alert" });
  const set = (event) => {
    event.preventDefault();
    const href = address(input.value);
    if (!href) return (wrong.textContent = say("Ghi địa chỉ trang, như https://vneid.gov.vn, hoặc số điện thoại.", "Write the address of a page, such as https://vneid.gov.vn, or a phone number."));
    const tr = from === to ? view.state.tr.insertText(input.value.trim(), from) : view.state.tr;
    const end = from === to ? from + input.value.trim().length : to;
    view.dispatch(tr.removeMark(from, end, link).addMark(from, end, link.create({ href })));
    return shown.close();
  };
  const remove = () => {
    view.dispatch(view.state.tr.removeMark(from, to, link));
    shown.close();
  };
  const buttons = [el("button", { class: "button" }, say("Đặt liên kết", "Set link")), old && button("button quiet", remove, say("Bỏ liên kết", "Remove link")), button("button plain", () => shown.close(), say("Thôi", "Cancel"))];
  const field = el("label", {}, say("Địa chỉ", "Address"), input);
  const shown = dialog(view, say("Liên kết", "Link"), el("form", { on: { submit: set } }, field, wrong, el("p", { class: "actions" }, ...buttons.filter(Boolean))));
  input.select();
  return true;
}

/** Choose a picture of the lesson, or one from this device. */
export function askPicture(view, pictures, { place, send }) {
  const file = el("input", { type: "file", accept: "image/*", hidden: true, on: { change: () => shown.close() || send([...file.files]) } });
  const names = Object.keys(pictures);
  const tiles = names.map((name) => {
    const host = el("span", { class: "shown" });
    show(host, name, pictures[name]);
    return button("tile", () => shown.close() || place(name), host, el("span", {}, name));
  });
  const upload = button("button", () => file.click(), say("Tải hình từ máy này", "Upload from this device"));
  const cancel = button("button plain", () => shown.close(), say("Thôi", "Cancel"));
  const hint = el("p", { class: "hint" }, names.length ? say("Chọn hình đã có, hoặc tải hình mới.", "Choose a picture of this lesson, or upload one.") : say("Bài chưa có hình nào.", "This lesson has no picture yet."));
  const shown = dialog(view, say("Hình", "Picture"), hint, el("div", { class: "tiles" }, ...tiles), file, el("p", { class: "actions" }, upload, cancel));
  return true;
}

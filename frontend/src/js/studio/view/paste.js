// What is pasted: from Word, Google Docs, Zalo and pages comes only what a lesson can hold.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { parse } from "../text/parse.js";
import { schema } from "../text/schema.js";

const LEVELS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };

function renamed(node, tag) {
  const made = node.ownerDocument.createElement(tag);
  made.append(...node.childNodes);
  node.replaceWith(made);
  return made;
}

const styleOf = (node) => node.getAttribute("data-style") ?? "";

/** Styles as marks. The policy of the site lets no style of a page in: they are read as words. */
function styles(body) {
  for (const node of body.querySelectorAll("[data-style]")) {
    const style = styleOf(node);
    const plain = node.closest("h1, h2, h3, h4, h5, h6");
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style) && !plain) wrap(node, "strong");
    if (/font-style:\s*italic/i.test(style)) wrap(node, "em");
    if (/font-weight:\s*(normal|400)/i.test(style) && node.tagName === "B") node.replaceWith(...node.childNodes);
  }
  for (const node of body.querySelectorAll("[data-style]")) node.removeAttribute("data-style");
}

function wrap(node, tag) {
  if (node.querySelector("p, div, li, ul, ol, table, h1, h2, h3")) return;
  const made = node.ownerDocument.createElement(tag);
  made.append(...node.childNodes);
  node.append(made);
}

/** Word writes lists as paragraphs with a sign before them. */
function wordLists(body) {
  let held = null;
  for (const item of [...body.querySelectorAll("p, div")]) {
    const level = Number(styleOf(item).match(/mso-list:[^;]*level(\d+)/i)?.[1] ?? 0);
    if (!level) {
      held = null;
      continue;
    }
    const signs = [...item.querySelectorAll("[data-style]")].filter((one) => /mso-list:\s*ignore/i.test(styleOf(one)));
    const sign = signs.map((one) => one.textContent).join("").trim() || item.textContent.trim().split(/\s/)[0];
    const tag = /^\(?[\dA-Za-z]+[.)]/.test(sign) ? "ol" : "ul";
    for (const one of signs) one.remove();
    held = listed(item, tag, level, held);
  }
}

/** Put an item into the list it belongs to: {stack: [list of level 1, of level 2, …]}. */
function listed(item, tag, level, held) {
  const make = () => item.ownerDocument.createElement(tag);
  const stack = held && held.next === item ? held.stack : [];
  if (!stack.length) {
    stack.push(make());
    item.before(stack[0]);
  }
  stack.length = Math.min(stack.length, level);
  while (stack.length < level) {
    const inner = make();
    (stack.at(-1).lastElementChild ?? stack.at(-1)).append(inner);
    stack.push(inner);
  }
  const next = item.nextElementSibling;
  const entry = item.ownerDocument.createElement("li");
  entry.append(...item.childNodes);
  item.remove();
  stack.at(-1).append(entry);
  return { stack, next };
}

/** A row of a table is a paragraph. */
function tables(body) {
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.rows].map((row) => {
      const line = table.ownerDocument.createElement("p");
      line.textContent = [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean).join(" – ");
      return line;
    });
    table.replaceWith(...rows.filter((row) => row.textContent));
  }
}

/** Links as they were before a page on the way wrapped them. */
function links(body) {
  for (const link of body.querySelectorAll("a[href]")) {
    const wrapped = link.getAttribute("href").match(/^https:\/\/(?:www\.google\.com\/url\?.*?\bq=|zalo\.me\/safe\?url=)([^&]+)/);
    const href = wrapped ? decodeURIComponent(wrapped[1]) : link.getAttribute("href");
    if (/^(https?:|tel:)/i.test(href)) link.setAttribute("href", href);
    else link.removeAttribute("href");
  }
}

/** HTML of another program as HTML that the schema understands. */
export function cleaned(html) {
  const bare = html.replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const { body } = new DOMParser().parseFromString(bare, "text/html");
  for (const node of body.querySelectorAll("style, script, meta, link, title, xml, o\\:p, img:not([data-own])")) node.remove();
  for (const node of body.querySelectorAll("h1, h4, h5, h6")) renamed(node, LEVELS[node.tagName]);
  // Google Docs wraps all in a <b> that is not bold.
  for (const node of body.querySelectorAll("b[id^='docs-internal']")) node.replaceWith(...node.childNodes);
  wordLists(body);
  tables(body);
  links(body);
  styles(body);
  for (const node of body.querySelectorAll("li > p:only-child")) node.replaceWith(...node.childNodes);
  return body.innerHTML;
}

/** Plain text: as Markdown where it looks like that, else a paragraph a line. */
function fromText(text) {
  const unix = text.replace(/\r\n?/g, "\n").replace(/^[•●▪‣◦·]\s+/gm, "- ");
  if (/^(#{1,6} |[-*] |\d+[.)] |> |::: ?\w)/m.test(unix)) return parse(unix.replace(/^# /gm, "## ")).content;
  const lines = unix.split("\n").filter((line) => line.trim());
  return Fragment.from(lines.map((line) => schema.nodes.paragraph.create(null, schema.text(line.trim()))));
}

const isFlow = (slice) => slice.content.content.every((node) => node.isInline || schema.nodes.box.contentMatch.matchType(node.type));

export const paste = new Plugin({
  props: {
    transformPastedHTML: (html) => (html.includes("data-pm-slice") ? html : cleaned(html)),
    clipboardTextParser(text, $context) {
      if ($context.parent.type.spec.code) return new Slice(Fragment.from(schema.text(text.replace(/\r\n?/g, "\n"))), 0, 0);
      const content = fromText(text);
      const slice = new Slice(content, content.firstChild?.isTextblock ? 1 : 0, content.lastChild?.isTextblock ? 1 : 0);
      return content.size ? slice : Slice.empty;
    },
    clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, "\n\n", "\n"),
    // Into a box come no blocks that it cannot hold: they stand beneath it.
    handlePaste(view, _event, slice) {
      const { $from } = view.state.selection;
      if ($from.depth < 2 || isFlow(slice)) return false;
      const after = $from.after(1);
      view.dispatch(view.state.tr.insert(after, slice.content).scrollIntoView());
      return true;
    },
  },
});

// Icons of the editor: drawings of Lucide, bundled as text.
import bold from "lucide-static/icons/bold.svg";
import bookmark from "lucide-static/icons/bookmark.svg";
import check from "lucide-static/icons/circle-question-mark.svg";
import code from "lucide-static/icons/code.svg";
import down from "lucide-static/icons/arrow-down.svg";
import handle from "lucide-static/icons/grip-vertical.svg";
import heading from "lucide-static/icons/heading-2.svg";
import italic from "lucide-static/icons/italic.svg";
import link from "lucide-static/icons/link.svg";
import list from "lucide-static/icons/list.svg";
import numbers from "lucide-static/icons/list-ordered.svg";
import picture from "lucide-static/icons/image.svg";
import plus from "lucide-static/icons/plus.svg";
import practice from "lucide-static/icons/hand.svg";
import quote from "lucide-static/icons/text-quote.svg";
import redo from "lucide-static/icons/redo-2.svg";
import remove from "lucide-static/icons/trash-2.svg";
import slide from "lucide-static/icons/separator-horizontal.svg";
import small from "lucide-static/icons/heading-3.svg";
import source from "lucide-static/icons/file-code.svg";
import star from "lucide-static/icons/star.svg";
import steps from "lucide-static/icons/footprints.svg";
import teacher from "lucide-static/icons/graduation-cap.svg";
import undo from "lucide-static/icons/undo-2.svg";
import unwrap from "lucide-static/icons/ungroup.svg";
import up from "lucide-static/icons/arrow-up.svg";
import warning from "lucide-static/icons/triangle-alert.svg";

const drawings = {
  bold, check, code, down, handle, heading, italic, link, list, numbers, picture, plus, practice, quote, redo, remove, slide, small, source, steps, undo, unwrap, up,
  example: star, warning, remember: bookmark, teacher,
};

/** An icon without meaning of its own. */
export function drawn(name) {
  const svg = new DOMParser().parseFromString(drawings[name], "image/svg+xml").documentElement;
  for (const { name: attribute } of [...svg.attributes]) if (attribute !== "viewBox" && attribute !== "xmlns") svg.removeAttribute(attribute);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  return document.importNode(svg, true);
}

"""Pages of HTML, and whatever becomes HTML on its way here: Markdown, chapters of EPUB."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree
from lxml import html as parser

from . import old_fonts
from .archives import BROKEN
from .letters import lowered, raised
from .model import BadDocument, Box, Break, Gathered, Picture, Run, Table, Text, quoted

_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "body", "html", "address", "figure",
    "figcaption", "dl", "dt", "dd", "fieldset", "form", "details", "summary", "center", "h1", "h2", "h3", "h4", "h5",
    "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "hgroup",
}  # fmt: skip
_SILENT = {
    "script", "style", "head", "template", "noscript", "meta", "link", "title", "base", "param", "source", "track",
    "wbr", "rp",
}  # fmt: skip
_LEFT = {
    "nav": "thanh điều hướng", "iframe": "khung nhúng trang khác", "video": "video", "audio": "âm thanh",
    "object": "đối tượng nhúng", "embed": "đối tượng nhúng", "canvas": "hình vẽ bằng mã lệnh", "math": "công thức",
    "select": "biểu mẫu", "input": "biểu mẫu", "textarea": "biểu mẫu", "button": "biểu mẫu",
}  # fmt: skip
_STRONG, _EMPHASISED = frozenset(("b", "strong", "th", "dt")), frozenset(("i", "em", "cite", "dfn", "var"))
_DEEPEST = 150  # elements within elements; what is deeper gives its letters only
_FONT = re.compile(r"font-family\s*:\s*['\"]?([^;,'\"]+)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_ITALIC = re.compile(r"font-style\s*:\s*(italic|oblique)", re.I)
_BOXES = ("steps", "example", "warning", "remember", "teacher")

type Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True)
class _Look:
    bold: bool = False
    italic: bool = False
    link: str = ""
    font: str = ""
    place: str = ""
    code: bool = False
    kept: bool = False  # breaks of lines stay, as in `pre`


def read(text: str) -> tuple[Gathered, str]:
    """What a page holds, and the title it declares. Raises BadDocument."""
    gathered = Gathered()
    root = parsed(text)
    title = root.findtext(".//head/title") or ""
    into(gathered, _main(gathered, root), lambda link: None)
    return gathered, title


def parsed(text: str) -> Any:
    """A page as a tree. Raises BadDocument."""
    reading = parser.HTMLParser(no_network=True, huge_tree=True)
    try:
        root = parser.document_fromstring(text.replace("\0", "") or " ", parser=reading)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BadDocument(BROKEN) from error
    if any("depth" in entry.message for entry in reading.error_log):  # what is deeper was not read
        raise BadDocument(BROKEN)
    return root


def into(gathered: Gathered, root: Any, fetch: Fetch) -> None:
    """Gather what stands beneath an element; `fetch` gives the file to which it links."""
    _Walk(gathered, fetch).all(root)


def _main(gathered: Gathered, root: Any) -> Any:
    """The main part of a page, where it says which that is."""
    found = list(root.iter("main")) or list(root.iter("article"))
    if len(found) != 1:
        return root
    around = len("".join(root.itertext())) - len("".join(found[0].itertext()))
    if around > len(root.findtext(".//head/title") or "") + 200:
        gathered.leave("phần quanh bài: đầu trang, thanh bên, chân trang của trang web", "cả tài liệu")
    return found[0]


class _Walk:
    """Goes through the tree once; letters wait until their paragraph ends."""

    def __init__(self, gathered: Gathered, fetch: Fetch) -> None:
        self.gathered, self.fetch = gathered, fetch
        self.runs: list[Run] = []
        self.kind, self.level = "text", 0
        self.item: Text | None = None  # the item whose first paragraph is still to come
        self.lists: list[tuple[bool, int]] = []
        self.caption: Picture | None = None

    def all(self, root: Any) -> None:
        """Everything beneath an element."""
        self._within(root, _Look(), 0)
        self._end()

    def _within(self, element: Any, look: _Look, depth: int) -> None:
        self._say(element.text, look)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, look, depth + 1)
            self._say(child.tail, look)

    def _say(self, text: str | None, look: _Look) -> None:
        if not text:
            return
        text = text if look.kept else re.sub(r"[ \t\r\n\f]+", " ", text)
        if old_fonts.is_old(look.font):
            text = old_fonts.converted(text, look.font)
        text = {"sup": raised, "sub": lowered}.get(look.place, str)(text)
        self.runs.append(Run(text, look.bold, look.italic, look.link, look.code))

    def _end(self) -> None:
        """The paragraph ends here."""
        runs, self.runs = self.runs, []
        if not any(run.text.strip() for run in runs):
            return
        if self.item is not None:
            self.gathered.add(replace(self.item, runs=runs))
            self.item = None
        elif self.lists and self.kind == "text":
            self._go_on(runs)
        else:
            self.gathered.add(Text(runs, self.kind, self.level))

    def _go_on(self, runs: list[Run]) -> None:
        """One more paragraph of an item is a new line of it."""
        last = self.gathered.blocks[-1] if self.gathered.blocks else None
        if isinstance(last, Text) and last.kind == "item":
            self.gathered.blocks.pop()
            self.gathered.add(replace(last, runs=[*last.runs, Run("\n"), *runs]))
        else:
            self.gathered.add(Text(runs))

    def _element(self, element: Any, look: _Look, depth: int) -> None:
        tag = element.tag.rpartition("}")[2].lower()
        if tag in _SILENT or _HIDDEN.search(element.get("style") or ""):
            return
        if depth > _DEEPEST:
            self._say(" ".join(element.itertext()), look)
        elif tag in _LEFT:
            self._left(tag, element)
        elif tag in ("img", "image"):
            self._picture(element)
        elif tag == "svg":
            self._drawing(element, look, depth)
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag in _BLOCKS:
            self._end()
            self._block(tag, element, look, depth)
            self._end()
        else:
            self._within(element, _changed(look, tag, element), depth)

    def _left(self, tag: str, element: Any) -> None:
        if (element.get("type") or "").lower() == "checkbox":
            self.runs.append(Run("☑ " if element.get("checked") is not None else "☐ "))
        elif (element.get("type") or "").lower() != "hidden":
            self.gathered.leave(_LEFT[tag] + ("" if tag != "math" else ": chỗ ấy ghi [công thức]"))
            self.runs += [Run("[công thức]")] if tag == "math" else []

    def _block(self, tag: str, element: Any, look: _Look, depth: int) -> None:
        if tag == "hr":
            self.gathered.add(Break())
        elif tag == "table":
            self._table(element, look, depth)
        elif tag in ("ul", "ol"):
            start = element.get("start") or "1"
            self.lists.append((tag == "ol", int(start) if re.fullmatch(r"\d{1,6}", start) else 1))
            self._within(element, look, depth)
            self._end()
            self.lists.pop()
        elif tag == "li":
            self._item(element, look, depth)
        elif tag == "div" and (element.get("class") or "") in _BOXES:
            self._box(element, look, depth)
        else:
            self._paragraph(tag, element, look, depth)

    def _item(self, element: Any, look: _Look, depth: int) -> None:
        level = max(len(self.lists) - 1, 0)
        ordered, number = self.lists[-1] if self.lists else (False, 1)
        self.item = Text([], "item", level, number if ordered else None)
        self._within(element, look, depth)
        self._end()
        self.item = None
        if self.lists:
            self.lists[-1] = (ordered, number + 1)

    def _box(self, element: Any, look: _Look, depth: int) -> None:
        """A box of our own format: what stands in it, without the pictures, which follow it."""
        outer, self.gathered.blocks = self.gathered.blocks, []
        self._within(element, look, depth)
        self._end()
        inner, self.gathered.blocks = self.gathered.blocks, outer
        said = [block for block in inner if isinstance(block, Text)]
        if said:
            self.gathered.add(Box(str(element.get("class")), list(said)))
        for block in inner:
            if not isinstance(block, (Text, Break)):
                self.gathered.add(block)

    def _paragraph(self, tag: str, element: Any, look: _Look, depth: int) -> None:
        before = self.kind, self.level
        if re.fullmatch(r"h[1-6]", tag):
            self.kind, self.level, self.item = "heading", int(tag[1]), None
        elif tag in ("blockquote", "figcaption"):
            self.kind = {"blockquote": "quote", "figcaption": "caption"}[tag]
        self._within(element, replace(_changed(look, tag, element), kept=look.kept or tag == "pre"), depth)
        self._end()
        self.kind, self.level = before

    def _table(self, element: Any, look: _Look, depth: int) -> None:
        """A table; one of a single column, or with tables in it, was for the layout only."""
        rows = [[c for c in row if c.tag in ("td", "th")] for row in element.iter("tr")]
        if all(len(cells) <= 1 for cells in rows) or next(element.iterdescendants("table"), None) is not None:
            for cells in rows:
                for cell in cells:
                    self._within(cell, look, depth)
                    self._end()
            return
        read = [[self._cell(cell, look, depth) for cell in cells] for cells in rows]
        head = bool(rows) and all(cell.tag == "th" for cell in rows[0])
        bold = bool(read) and all(run.bold or not run.text.strip() for cell in read[0] for run in cell)
        self.gathered.add(Table(read, head=head or bold))
        for image in element.iter("img"):
            self._picture(image)

    def _cell(self, cell: Any, look: _Look, depth: int) -> list[Run]:
        inner = _Walk(Gathered(), lambda link: None)
        inner._within(cell, look, depth)
        inner._end()
        made: list[Run] = []
        for block in inner.gathered.blocks:
            made += [Run("\n"), *block.runs] if isinstance(block, Text) else []
        return made

    def _picture(self, element: Any) -> None:
        link = (
            element.get("src") or element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
        ).strip()
        alt = element.get("alt") or ""
        waiting, self.runs = self.runs, []
        content = _of_data(link) if link.lower().startswith("data:") else self.fetch(link)
        if content is None and link and not link.lower().startswith("data:"):
            self.gathered.leave(f"hình ở ngoài tài liệu {quoted(link)}: hãy tải về rồi thêm")
            self.runs = waiting
            return
        self.runs = waiting
        self._end()
        if picture := self.gathered.picture(content, alt, element.get("title") or ""):
            self.gathered.add(picture)

    def _drawing(self, element: Any, look: _Look, depth: int) -> None:
        """A drawing in the page: the picture it only wraps, or itself."""
        images = [one for one in element.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == "image"]
        if images:
            for image in images:
                self._picture(image)
            return
        self._end()
        element.tail, tail = None, element.tail
        drawn = re.sub(rb"^<svg(?![^>]*xmlns=)", b'<svg xmlns="http://www.w3.org/2000/svg"', etree.tostring(element))
        element.tail = tail
        if picture := self.gathered.picture(drawn, element.get("aria-label") or ""):
            self.gathered.add(picture)


def _changed(look: _Look, tag: str, element: Any) -> _Look:
    """The look of letters within an element."""
    style = element.get("style") or ""
    font = _FONT.search(style)
    link = element.get("href") or "" if tag == "a" else look.link
    return replace(
        look,
        bold=look.bold or tag in _STRONG or bool(_BOLD.search(style)),
        italic=look.italic or tag in _EMPHASISED or bool(_ITALIC.search(style)),
        link=link,
        code=look.code or tag in ("code", "kbd", "samp", "tt"),
        font=font.group(1).strip() if font else ((element.get("face") or look.font) if tag == "font" else look.font),
        place=tag if tag in ("sup", "sub") else look.place,
    )


def _of_data(link: str) -> bytes | None:
    head, _comma, data = link.partition(",")
    try:
        return b64decode(unquote_to_bytes(data)) if ";base64" in head.lower() else unquote_to_bytes(data)
    except (Error, ValueError):
        return None

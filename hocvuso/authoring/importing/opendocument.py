"""OpenDocument texts (.odt), as LibreOffice writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import old_fonts
from .archives import BROKEN, PASSWORD, Archive
from .letters import lowered, raised
from .model import BadDocument, Block, Gathered, Run, Table, Text, is_page_number, quoted

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {
    "office": "office:1.0", "text": "text:1.0", "style": "style:1.0", "table": "table:1.0", "draw": "drawing:1.0",
    "svg": "svg-compatible:1.0", "fo": "xsl-fo-compatible:1.0", "meta": "meta:1.0", "manifest": "manifest:1.0",
}  # fmt: skip
_DC, _XLINK = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xlink}"
_DEEPEST = 12  # styles that rest on styles, lists within lists


def _q(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{_OASIS}{_SPACES[prefix]}}}{local}"


def read(content: bytes) -> tuple[Gathered, str]:
    """What a text holds, and the title it declares. Raises BadDocument."""
    archive = Archive(content)
    manifest = archive.xml("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter(_q("manifest:encryption-data")), None) is not None:
        raise BadDocument(PASSWORD)
    root = archive.xml("content.xml")
    body = root.find(f"{_q('office:body')}/{_q('office:text')}") if root is not None else None
    if root is None or body is None:
        raise BadDocument(BROKEN)
    reading = _Reading(archive, _Styles([tree for tree in (archive.xml("styles.xml"), root) if tree is not None]))
    reading.blocks(body)
    reading.around()
    meta = archive.xml("meta.xml")
    title = next(meta.iter(_DC + "title"), None) if meta is not None else None
    return reading.gathered, (title.text or "") if title is not None else ""


_DRAWING = "{" + _OASIS + "drawing:1.0}"
_SIGNS = {
    _q("text:s"): " ", _q("text:tab"): " ", _q("text:line-break"): "\n", _q("text:page-number"): "",
    _q("text:page-count"): "", _q("text:soft-page-break"): "",
}  # fmt: skip


@dataclass(frozen=True)
class _Look:
    bold: bool = False
    italic: bool = False
    font: str = ""
    place: str = ""
    link: str = ""


class _Styles:
    def __init__(self, trees: list[Any]) -> None:
        self.trees = trees
        self._styles: dict[tuple[str, str], Any] = {}
        self._ordered: dict[str, list[bool]] = {}
        self._fonts: dict[str, str] = {}
        for tree in trees:
            for style in tree.iter(_q("style:style")):
                self._styles[style.get(_q("style:family")) or "", style.get(_q("style:name")) or ""] = style
            for face in tree.iter(_q("style:font-face")):
                self._fonts[face.get(_q("style:name")) or ""] = (face.get(_q("svg:font-family")) or "").strip("'\"")
            for one in tree.iter(_q("text:list-style")):
                levels = [child.tag == _q("text:list-level-style-number") for child in one]
                self._ordered[one.get(_q("style:name")) or ""] = levels

    def names(self, family: str, name: str) -> list[str]:
        """A style and those on which it rests, as they are called."""
        return [
            style.get(_q("style:display-name")) or style.get(_q("style:name")) for style in self._chain(family, name)
        ]

    def look(self, family: str, name: str, look: _Look) -> _Look:
        """A look as a style changes it."""
        for style in reversed(self._chain(family, name)):
            said = style.find(_q("style:text-properties"))
            if said is None:
                continue
            weight, slant = said.get(_q("fo:font-weight")), said.get(_q("fo:font-style"))
            named = said.get(_q("style:font-name"))
            look = replace(
                look,
                bold=look.bold if weight is None else weight in ("bold", "600", "700", "800", "900"),
                italic=look.italic if slant is None else slant in ("italic", "oblique"),
                font=self._fonts.get(named, named) if named else (said.get(_q("fo:font-family")) or look.font),
                place=said.get(_q("style:text-position")) or look.place,
            )
        return look

    def is_ordered(self, list_style: str, level: int) -> bool:
        """Whether a list has numbers at a level."""
        levels = self._ordered.get(list_style, [])
        return level < len(levels) and levels[level]

    def _chain(self, family: str, name: str | None) -> list[Any]:
        chain: list[Any] = []
        while (style := self._styles.get((family, name or ""))) is not None and len(chain) < _DEEPEST:
            chain.append(style)
            name = style.get(_q("style:parent-style-name"))
        return chain


class _Reading:
    def __init__(self, archive: Archive, styles: _Styles) -> None:
        self.archive, self.styles = archive, styles
        self.gathered = Gathered()
        self._behind: list[Block] = []  # pictures and boxes that hang on the paragraph
        self._boxes: list[Any] = []

    def blocks(self, parent: Any) -> None:
        """All that stands beneath a body, a section, a cell or a box."""
        for element in parent:
            self._block(element)

    def _block(self, element: Any) -> None:
        tag = element.tag
        if tag in (_q("text:p"), _q("text:h")):
            self._paragraph(element)
        elif tag == _q("text:list"):
            self._list(element, 0, "")
        elif tag in (_q("text:section"), _q("text:numbered-paragraph")):
            self.blocks(element)
        elif tag == _q("table:table"):
            self._table(element)
        elif tag.startswith(_DRAWING):
            self._drawn(element)
            self._hang()
        else:
            self._aside(element)

    def _aside(self, element: Any) -> None:
        if element.tag.endswith(("-of-content", "-index", "}bibliography")):
            self.gathered.leave("mục lục", "đầu tài liệu")
        elif next(element.iter(_q("text:deletion")), None) is not None:
            self.gathered.leave("chữ đã xoá khi theo dõi thay đổi")

    def _paragraph(self, element: Any, kind: str = "text", level: int = 0, number: int | None = None) -> None:
        name = element.get(_q("text:style-name")) or ""
        called = [one.lower() for one in self.styles.names("paragraph", name)]
        if element.tag == _q("text:h"):
            kind, level, number = "heading", int(element.get(_q("text:outline-level")) or 1), None
        elif "title" in called:
            kind, level = "heading", 0
        elif kind == "text" and {"caption", "illustration", "figure"} & set(called):
            kind = "caption"
        elif kind == "text" and {"quotations", "quote"} & set(called):
            kind = "quote"
        runs = self._runs(element, self.styles.look("paragraph", name, _Look()))
        self.gathered.add(Text(runs, kind, level, number))
        self._hang()

    def _hang(self) -> None:
        behind, boxes = self._behind, self._boxes
        self._behind, self._boxes = [], []
        for block in behind:
            self.gathered.add(block)
        for box in boxes:
            self.blocks(box)

    def _list(self, element: Any, level: int, style: str) -> None:
        style = element.get(_q("text:style-name")) or style
        number = 0
        for item in element:
            if item.tag not in (_q("text:list-item"), _q("text:list-header")):
                continue
            first = item.tag == _q("text:list-item")
            number += 1
            for child in item:
                if child.tag == _q("text:list") and level < _DEEPEST:
                    self._list(child, level + 1, style)
                elif child.tag == _q("text:p"):
                    counted = number if first and self.styles.is_ordered(style, level) else None
                    self._paragraph(child, "item" if first else "text", level, counted)
                    first = False
                else:
                    self._block(child)

    def _runs(self, element: Any, look: _Look) -> list[Run]:
        runs = self._said(element.text, look)
        for child in element:
            runs += [*self._inline(child, look), *self._said(child.tail, look)]
        return runs

    def _said(self, text: str | None, look: _Look) -> list[Run]:
        if not text:
            return []
        text = " ".join(text.split("\n"))
        if old_fonts.is_old(look.font):
            text = old_fonts.converted(text, look.font)
        place = look.place.split(" ")[0]
        if place and place != "0%":
            text = lowered(text) if place.startswith(("sub", "-")) else raised(text)
        return [Run(text, look.bold, look.italic, look.link)]

    def _inline(self, element: Any, look: _Look) -> list[Run]:
        tag = element.tag
        if tag in _SIGNS:
            return [Run(_SIGNS[tag])]
        if tag in (_q("text:note"), _q("office:annotation")):
            words = " ".join(p for part in element.iter(_q("text:p")) for p in part.itertext())
            kind = "chú thích cuối trang" if tag == _q("text:note") else "nhận xét bên lề"
            self.gathered.leave(f"{kind}: {quoted(words)}")
            return []
        if tag.startswith(_DRAWING):
            self._drawn(element)
            return []
        if tag == _q("text:span"):
            look = self.styles.look("text", element.get(_q("text:style-name")) or "", look)
        elif tag == _q("text:a"):
            look = replace(look, link=element.get(_XLINK + "href") or "")
        return self._runs(element, look)

    def _drawn(self, element: Any) -> None:
        """A frame with a picture, a box or a thing of another program; a shape."""
        image = next(element.iter(_q("draw:image")), None)
        box = next(element.iter(_q("draw:text-box")), None)
        embedded = next(element.iter(_q("draw:object"), _q("draw:object-ole"), _q("draw:plugin")), None)
        if embedded is not None:
            self._embedded(embedded)
        elif box is not None:
            self._boxes.append(box)
        elif image is not None:
            self._picture(element, image)
        elif words := [p for p in element.iter(_q("text:p")) if "".join(p.itertext()).strip()]:
            self._boxes.append(words)
        else:
            self.gathered.leave("hình vẽ: hãy chụp thành hình rồi thêm")

    def _picture(self, frame: Any, image: Any) -> None:
        said = [next(frame.iter(_q(name)), None) for name in ("svg:desc", "svg:title")]
        alt = next((one.text for one in said if one is not None and one.text), "")
        link = image.get(_XLINK + "href") or ""
        if "://" in link:
            self.gathered.leave("hình ở ngoài tài liệu (chỉ có đường dẫn): hãy tải về rồi thêm")
        elif picture := self.gathered.picture(self.archive.read(self.archive.beside("content.xml", link)), alt):
            self._behind.append(picture)

    def _embedded(self, element: Any) -> None:
        link = (element.get(_XLINK + "href") or "").removeprefix("./")
        inner = self.archive.read(f"{link}/content.xml") or b""
        if b"math" in inner[:600] or next(element.iter("{http://www.w3.org/1998/Math/MathML}math"), None) is not None:
            self.gathered.leave("công thức")
        elif b"office:chart" in inner:
            self.gathered.leave("biểu đồ: hãy chụp thành hình rồi thêm")
        else:
            self.gathered.leave("đối tượng nhúng")

    def _table(self, element: Any) -> None:
        rows = [
            [cell for cell in row if cell.tag == _q("table:table-cell")]
            for row in element.iter(_q("table:table-row"))
            if next(up for up in row.iterancestors() if up.tag == _q("table:table")) is element
        ]
        if all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                for cell in cells:
                    self.blocks(cell)
            return
        read = [[self._cell(cell) for cell in cells] for cells in rows]
        bold = bool(read) and all(run.bold or not run.text.strip() for cell in read[0] for run in cell)
        self.gathered.add(Table(read, head=bold or element.find(_q("table:table-header-rows")) is not None))
        self._hang()

    def _cell(self, cell: Any) -> list[Run]:
        runs: list[Run] = []
        for part in cell.iter(_q("text:p"), _q("text:h")):
            look = self.styles.look("paragraph", part.get(_q("text:style-name")) or "", _Look())
            runs += [Run("\n"), *self._runs(part, look)]
        return runs

    def around(self) -> None:
        """Heads and feet of pages."""
        for tree in self.styles.trees:
            for element in tree.iter(_q("style:header"), _q("style:footer")):
                words = " ".join("".join(p.itertext()) for p in element.iter(_q("text:p"))).strip()
                if not is_page_number(words):
                    place = "đầu trang" if element.tag == _q("style:header") else "chân trang"
                    self.gathered.leave(f"chữ ở {place}: {quoted(words)}", "mọi trang")

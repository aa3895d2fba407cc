"""The inside of a paragraph of Word: letters, links, fields, pictures, and what cannot be taken along."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from . import old_fonts
from .archives import tree
from .letters import lowered, raised, symbol
from .model import Gathered, Picture, Run, quoted
from .word_looks import Looks, Style

_VML, _OFFICE = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
_THROUGH = {qn(f"w:{name}") for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo")}
_SIGNS = {qn("w:tab"): " ", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_LINK = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"([^"]+)"')


@dataclass
class Notes:
    """Footnotes and endnotes by their kind and number; comments."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


def notes_of(part: Any) -> Notes:
    """What stands beside the text of a document's part."""
    notes = Notes()
    for rel in part.rels.values():
        kind = rel.reltype.rpartition("/")[2]
        if rel.is_external or kind not in ("footnotes", "endnotes", "comments"):
            continue
        for note in tree(rel.target_part.blob):
            text = "".join(t.text or "" for t in note.iter(qn("w:t")))
            if kind == "comments" and text.strip():
                notes.comments.append(text)
            notes.texts[kind, note.get(qn("w:id")) or ""] = text
    return notes


@dataclass
class Found:
    """What a paragraph holds."""

    runs: list[Run] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    only_contents: bool = False


@dataclass
class _Field:
    """A field that Word works out: what it says to do, then what came of it."""

    code: str = ""
    shown: bool = False

    @property
    def kind(self) -> str:
        """Its first word."""
        return (self.code.split() or [""])[0].upper()


class Inline:
    """Reads paragraphs one after another: fields go on from one to the next."""

    def __init__(self, gathered: Gathered, part: Any, looks: Looks, notes: Notes) -> None:
        self.gathered, self.part, self.looks, self.notes = gathered, part, looks, notes
        self._fields: list[_Field] = []

    def read(self, paragraph: Any, style: Style) -> Found:
        """The inside of one paragraph."""
        self._found, self._style = Found(), style
        within = any(one.kind == "TOC" for one in self._fields)
        self._children(paragraph, "")
        self._found.only_contents = within and not self._found.runs and not self._found.pictures
        return self._found

    def _children(self, parent: Any, link: str) -> None:
        for element in parent:
            tag = element.tag
            if tag == qn("w:r"):
                self._run(element, link)
            elif tag == qn("w:hyperlink"):
                self._children(element, self._target(element.get(qn("r:id"))) or link)
            elif tag in _THROUGH:
                self._children(element, link)
            elif tag == qn("w:fldSimple"):
                self._simple(element, link)
            else:
                self._other(element, link)

    def _other(self, element: Any, link: str) -> None:
        if element.tag == qn("w:del") and next(element.iter(qn("w:delText")), None) is not None:
            self.gathered.leave("chữ đã xoá khi theo dõi thay đổi")
        elif element.tag in (qn("m:oMath"), qn("m:oMathPara")):
            self._formula(element)
        elif element.tag == MC + "AlternateContent":
            self._alternative(element, link)

    def _simple(self, element: Any, link: str) -> None:
        one = _Field(element.get(qn("w:instr")) or "", True)
        self._fields.append(one)
        self._children(element, link)
        self._fields.pop()

    def _formula(self, element: Any) -> None:
        text = "".join(t.text or "" for t in element.iter(qn("m:t")))
        self.gathered.leave(f"công thức {quoted(text)}: chỗ ấy ghi [công thức]")
        self._found.runs.append(Run("[công thức]"))

    def _alternative(self, element: Any, link: str) -> None:
        chosen = element.find(MC + "Choice")
        if chosen is None or not len(chosen):
            chosen = element.find(MC + "Fallback")
        if chosen is not None:
            self._children(chosen, link)
            self._inside(chosen, link)

    def _run(self, run: Any, link: str) -> None:
        properties = run.find(qn("w:rPr"))
        hidden = properties is not None and self.looks.is_on("w:vanish", run, self._style)
        if hidden and next(run.iter(qn("w:t")), None) is not None:
            self.gathered.leave("chữ ẩn")
            return
        self._inside(run, link)

    def _inside(self, run: Any, link: str) -> None:
        for element in run:
            tag = element.tag
            if tag in (qn("w:fldChar"), qn("w:instrText")):
                self._field(element)
            elif (text := _letters(element)) is not None:
                self._say(text, run, link)
            elif tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")):
                self._drawn(element)
            elif tag == MC + "AlternateContent":
                self._alternative(element, link)
            elif tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                self._note(element)

    def _field(self, element: Any) -> None:
        if element.tag == qn("w:instrText"):
            if self._fields:
                self._fields[-1].code += element.text or ""
            return
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shown = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _say(self, text: str, run: Any, link: str) -> None:
        if any(one.kind in ("TOC", "PAGE", "NUMPAGES", "INDEX") or not one.shown for one in self._fields):
            return
        for one in self._fields:
            link = match.group(1) if (match := _LINK.search(one.code)) else link
        font = self.looks.font(run, self._style)
        if old_fonts.is_old(font):
            text = old_fonts.converted(text, font)
        elif old_fonts.is_unknown(font) and not text.isascii():
            self.gathered.leave(f"phông chữ cũ {font}: chữ có dấu có thể sai, hãy đọc lại", "cả tài liệu")
        place = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
        if place is not None:
            text = {"superscript": raised, "subscript": lowered}.get(place.get(qn("w:val")), str)(text)
        bold, italic = (self.looks.is_on(tag, run, self._style) for tag in ("w:b", "w:i"))
        self._found.runs.append(Run(text, bold, italic, link))

    def _note(self, element: Any) -> None:
        kind = "footnotes" if element.tag == qn("w:footnoteReference") else "endnotes"
        text = self.notes.texts.get((kind, element.get(qn("w:id")) or ""), "")
        self.gathered.leave(f"chú thích cuối {'trang' if kind == 'footnotes' else 'tài liệu'}: {quoted(text)}")

    def _drawn(self, element: Any) -> None:
        """A picture, a box with text, or a thing that only Word can draw."""
        boxes = [box for box in element.iter(qn("w:txbxContent")) if not _in_fallback(box, element)]
        self._found.boxes += boxes
        shown = self._embedded(element)
        if not boxes and not shown:
            self.gathered.leave(_named(element))

    def _embedded(self, element: Any) -> bool:
        """Whether there were pictures; they are taken."""
        if element.tag == qn("w:object"):
            return False
        described = next(element.iter(qn("wp:docPr")), None)
        alt = (described.get("descr") or "") if described is not None else ""
        ids = []
        for blip in element.iter(qn("a:blip")):
            vector = next(blip.iter(_SVG), None)
            ids.append((blip.get(qn("r:embed")), blip.get(qn("r:link")), vector))
        ids += [(data.get(qn("r:id")), None, None) for data in element.iter(f"{{{_VML}}}imagedata")]
        for embedded, linked, vector in ids:
            drawn = self._content(vector.get(qn("r:embed"))) if vector is not None else None
            content = self._content(embedded) or drawn
            if content is None and (linked or self._target(embedded or "")):
                self.gathered.leave("hình ở ngoài tài liệu (chỉ có đường dẫn): hãy tải về rồi thêm")
            elif picture := self.gathered.picture(content, alt):
                self._found.pictures.append(picture)
        return bool(ids)

    def _content(self, key: str | None) -> bytes | None:
        rel = self.part.rels.get(key) if key else None
        return rel.target_part.blob if rel is not None and not rel.is_external else None

    def _target(self, key: str | None) -> str:
        rel = self.part.rels.get(key) if key else None
        return rel.target_ref if rel is not None and rel.is_external else ""


def _letters(element: Any) -> str | None:
    """What an element of a run says, where it says something."""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag == qn("w:br"):
        return "\n" if element.get(qn("w:type")) in (None, "textWrapping") else " "
    if element.tag == qn("w:sym"):
        return symbol(element.get(qn("w:font")) or "", element.get(qn("w:char")) or "")
    return _SIGNS.get(element.tag)


def _in_fallback(element: Any, top: Any) -> bool:
    for up in element.iterancestors():
        if up is top:
            return False
        if up.tag in (MC + "Fallback", qn("w:txbxContent")):
            return True
    return False


def _named(element: Any) -> str:
    """What a thing is that only Word draws."""
    ole = next(element.iter(f"{{{_OFFICE}}}OLEObject"), None)
    if ole is not None:
        program = ole.get("ProgID") or ""
        formula = "Equation" in program or "MathType" in program
        return "công thức (Equation)" if formula else f"tệp nhúng {program}".strip()
    data = next(element.iter(qn("a:graphicData")), None)
    uri = (data.get("uri") or "") if data is not None else ""
    kinds = {"diagram": "sơ đồ SmartArt", "chart": "biểu đồ"}
    if kind := next((said for name, said in kinds.items() if name in uri), ""):
        return f"{kind}: hãy chụp thành hình rồi thêm"
    return "hình vẽ bằng Shapes: hãy chụp thành hình rồi thêm"

"""Word documents (.docx): paragraphs by their styles, lists as Word draws them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from hocvuso.media.word_lists import Marks

from .archives import BROKEN, Archive, tree
from .model import BadDocument, Gathered, Picture, Run, Table, Text, is_page_number, line, quoted
from .word_looks import Looks
from .word_runs import MC, Inline, notes_of

_LABEL = re.compile(r"^[\d.]+[.)]?$")
_TOC = re.compile(r"(?i)^(toc|table of figures|toa heading|index) ?")


def read(content: bytes) -> tuple[Gathered, str]:
    """What a document holds, and the title it declares. Raises BadDocument."""
    archive = Archive(content)
    archive.refuse_entities()
    try:
        document = docx.Document(BytesIO(content))
    except ValueError as error:
        raise BadDocument("Đây là tệp Word có macro hoặc tệp mẫu. Hãy mở bằng Word rồi lưu thành .docx.") from error
    except KeyError as error:  # a part is missing, or it is of the strict kind that only newer programs write
        raise BadDocument(BROKEN) from error
    reading = _Reading(document)
    reading.blocks(document.element.body)
    reading.around()
    return reading.gathered, document.core_properties.title or ""


class _Reading:
    def __init__(self, document: Any) -> None:
        self.document = document
        self.gathered = Gathered()
        self.marks = Marks(document)
        self.looks = Looks(document)
        self.notes = notes_of(document.part)
        self.inline = Inline(self.gathered, document.part, self.looks, self.notes)

    def blocks(self, parent: Any) -> None:
        """All that stands beneath a body, a cell or a box."""
        for element in parent:
            tag = element.tag
            if tag == qn("w:p"):
                self.paragraph(element)
            elif tag == qn("w:tbl"):
                self.table(element)
            elif tag == qn("w:sdt"):
                self._control(element)
            elif tag in (qn("w:customXml"), qn("w:smartTag"), qn("w:ins"), qn("w:moveTo"), qn("w:sdtContent")):
                self.blocks(element)
            elif tag == qn("w:altChunk"):
                self.gathered.leave("tài liệu khác được nhúng vào đây")
            elif tag in (qn("m:oMathPara"), qn("m:oMath")):
                self.gathered.leave("công thức")

    def _control(self, element: Any) -> None:
        gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
        if gallery is not None and "Contents" in (gallery.get(qn("w:val")) or ""):
            self.gathered.leave("mục lục", "đầu tài liệu")
            return
        for inner in element.findall(qn("w:sdtContent")):
            self.blocks(inner)

    def paragraph(self, element: Any) -> None:
        """One paragraph, and behind it the pictures and boxes that hang on it."""
        style = self.looks.style_of(element)
        found = self.inline.read(element, style)
        if _TOC.match(style.name) or found.only_contents:
            self.gathered.leave("mục lục", "đầu tài liệu")
        elif any(run.text.strip() for run in found.runs):
            self.gathered.add(self._text(element, style, found.runs))
        for picture in found.pictures:
            self.gathered.add(picture)
        for box in found.boxes:
            self.gathered.leave("hộp chữ: chữ trong hộp đã đặt sau đoạn")
            self.blocks(box)

    def _text(self, element: Any, style: Any, runs: list[Run]) -> Text:
        mark = self.marks.before(Paragraph(element, self.document._body))
        level = self.looks.heading_level(element, style)
        label = mark.text if mark and mark.kind not in ("bullet", "none") else ""
        if level is not None:
            return Text([Run(f"{label} ".lstrip()), *runs], "heading", level)
        if style.name.lower() == "caption":
            return Text(runs, "caption")
        if mark and (mark.kind == "bullet" or _LABEL.match(label)):
            return Text(runs, "item", mark.level, mark.number if label else None)
        if label:
            return Text([Run(f"{label} "), *runs])
        return Text(runs, "quote" if "quote" in style.name.lower() else "text")

    def table(self, element: Any) -> None:
        """A table; one of a single column is a frame, and what is in it stands for itself."""
        rows = [row.findall(qn("w:tc")) for row in element.iter(qn("w:tr")) if _belongs(row, element)]
        if all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                for cell in cells:
                    self.blocks(cell)
            return
        behind: list[Picture] = []
        read = [[self._cell(cell, behind) for cell in cells] for cells in rows]
        first = element.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}")
        bold = bool(read) and all(run.bold or not run.text.strip() for cell in read[0] for run in cell)
        self.gathered.add(Table(read, head=first is not None or bold))
        for picture in behind:
            self.gathered.add(picture)

    def _cell(self, cell: Any, behind: list[Picture]) -> list[Run]:
        runs: list[Run] = []
        for paragraph in cell.iter(qn("w:p")):
            if any(up.tag in (qn("w:txbxContent"), MC + "Fallback") for up in _up_to(paragraph, cell)):
                continue
            found = self.inline.read(paragraph, self.looks.style_of(paragraph))
            behind += found.pictures
            runs += [Run("\n"), *found.runs] if found.runs else []
            for box in found.boxes:
                runs.append(Run("\n" + "".join(t.text or "" for t in box.iter(qn("w:t")))))
        return runs

    def around(self) -> None:
        """What stands beside the text: heads and feet of pages, comments, and notes that nothing names."""
        said = set()
        for rel in self.document.part.rels.values():
            kind = rel.reltype.rpartition("/")[2]
            if kind in ("header", "footer") and not rel.is_external:
                text = _without_page_numbers(tree(rel.target_part.blob))
                if not is_page_number(text) and text not in said:
                    said.add(text)
                    place = "đầu trang" if kind == "header" else "chân trang"
                    self.gathered.leave(f"chữ ở {place}: {quoted(text)}", "mọi trang")
        for text in self.notes.comments:
            self.gathered.leave(f"nhận xét bên lề: {quoted(text)}", "cả tài liệu")


def _belongs(row: Any, table: Any) -> bool:
    return next(up for up in row.iterancestors() if up.tag == qn("w:tbl")) is table


def _up_to(element: Any, top: Any) -> list[Any]:
    ups = []
    for up in element.iterancestors():
        if up is top:
            break
        ups.append(up)
    return ups


def _without_page_numbers(root: Any) -> str:
    fields = qn("w:fldSimple")
    texts = [t.text or "" for t in root.iter(qn("w:t")) if not any(up.tag == fields for up in t.iterancestors())]
    return line(" ".join(texts))

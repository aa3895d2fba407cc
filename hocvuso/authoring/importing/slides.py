"""Slides (.pptx): each its title as a heading, its points as a list, what the speaker says for the teacher."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from . import old_fonts
from .archives import BROKEN, Archive, tree
from .model import BadDocument, Box, Break, Gathered, Run, Table, Text, tidy

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_AROUND = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
_MEDIA = {qn("a:videoFile"): "video", qn("a:audioFile"): "âm thanh", qn("a:quickTimeFile"): "video",
          qn("a:wavAudioFile"): "âm thanh"}  # fmt: skip
_LONGEST_TITLE = 80
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read(content: bytes) -> tuple[Gathered, str]:
    """What a presentation holds, and the title it declares. Raises BadDocument."""
    archive = Archive(content)
    archive.refuse_entities()
    try:
        presentation = Presentation(BytesIO(content))
    except ValueError as error:
        raise BadDocument(
            "Đây không phải tệp trình chiếu thường. Hãy mở bằng PowerPoint rồi lưu thành .pptx."
        ) from error
    except KeyError as error:
        raise BadDocument(BROKEN) from error
    gathered = Gathered()
    for number, slide in enumerate(presentation.slides, 1):
        gathered.at = f"trang chiếu {number}"
        if slide._element.get("show") == "0":
            gathered.leave("trang chiếu ẩn: không lấy")
            continue
        if gathered.blocks:
            gathered.add(Break())
        _Slide(gathered, slide).read(first=number == 1)
    return gathered, presentation.core_properties.title or ""


class _Slide:
    def __init__(self, gathered: Gathered, slide: Any) -> None:
        self.gathered, self.slide = gathered, slide

    def read(self, *, first: bool) -> None:
        """One slide."""
        title = next((s for s in self.slide.placeholders if s.placeholder_format.type in _TITLES), None)
        if title is not None:
            runs = [run for p in title.text_frame.paragraphs for run in (*self._runs(p), Run(" "))]
            cover = first and title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE
            self.gathered.add(Text(runs, "heading", 0 if cover else 2))
        begin = len(self.gathered.blocks)
        for shape in self.slide.shapes:
            if title is None or shape.shape_id != title.shape_id:
                self._shape(shape)
        if title is None:
            self._title_at(begin, 0 if first else 2)
        self._notes()
        self._moving()

    def _title_at(self, begin: int, level: int) -> None:
        """On a slide without a place for a title a short line above others is one."""
        match self.gathered.blocks[begin:]:
            case [Text(kind="text") as above, _, *_] if len(above.text) <= _LONGEST_TITLE and "\n" not in above.text:
                above.kind, above.level = "heading", level

    def _shape(self, shape: Any) -> None:
        if shape.is_placeholder and shape.placeholder_format.type in _AROUND:
            return
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            for inner in shape.shapes:
                self._shape(inner)
        elif media := next(
            (said for tag, said in _MEDIA.items() if next(shape._element.iter(tag), None) is not None), ""
        ):
            self.gathered.leave(f"{media}: hãy đưa lên nơi khác rồi dẫn đường dẫn")
        elif shape._element.tag == qn("p:pic"):
            self._picture(shape)
        elif shape._element.tag == qn("p:graphicFrame"):
            self._frame(shape)
        elif shape.has_text_frame and shape.text_frame.text.strip():
            self._text(shape)
        else:
            self._drawn(shape)

    def _drawn(self, shape: Any) -> None:
        """A shape without words: a picture that fills it, or what only PowerPoint draws."""
        blip = next(shape._element.iter(qn("a:blip")), None)
        if blip is not None:
            self._blip(blip, "")
        elif not shape.is_placeholder and shape.shape_type not in (MSO_SHAPE_TYPE.LINE, MSO_SHAPE_TYPE.TEXT_BOX):
            self.gathered.leave("hình vẽ bằng Shapes: hãy chụp thành hình rồi thêm")

    def _picture(self, shape: Any) -> None:
        described = next(shape._element.iter(qn("p:cNvPr")), None)
        blip = next(shape._element.iter(qn("a:blip")), None)
        if blip is None:
            self.gathered.leave("một hình: tệp hình không có trong tài liệu")
        else:
            self._blip(blip, (described.get("descr") or "") if described is not None else "")

    def _blip(self, blip: Any, alt: str) -> None:
        key = blip.get(qn("r:embed"))
        rel = self.slide.part.rels.get(key) if key else None
        if rel is None or rel.is_external:
            self.gathered.leave("hình ở ngoài tài liệu (chỉ có đường dẫn): hãy tải về rồi thêm")
        elif picture := self.gathered.picture(rel.target_part.blob, alt):
            self.gathered.add(picture)

    def _text(self, shape: Any) -> None:
        """Points of a placeholder and of a box that lists; a single paragraph of a box is text."""
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        listed = kind not in (None, PP_PLACEHOLDER.SUBTITLE)
        numbers: dict[int, int] = {}
        for paragraph in shape.text_frame.paragraphs:
            runs = tidy(self._runs(paragraph))
            properties = paragraph._p.find(qn("a:pPr"))
            marks = {child.tag for child in properties} if properties is not None else set()
            numbered = qn("a:buAutoNum") in marks
            bullet = numbered or bool(marks & {qn("a:buChar"), qn("a:buBlip")})
            if qn("a:buNone") in marks or not (listed or bullet):
                self.gathered.add(Text(runs))
                continue
            if not runs:
                continue
            numbers = {level: n for level, n in numbers.items() if level <= paragraph.level}
            numbers[paragraph.level] = numbers.get(paragraph.level, 0) + 1 if numbered else 0
            number = numbers[paragraph.level] if numbered else None
            self.gathered.add(Text(runs, "item", paragraph.level, number))

    def _runs(self, paragraph: Any) -> list[Run]:
        runs = []
        for element in paragraph._p:
            if element.tag == qn("a:br"):
                runs.append(Run("\n"))
            elif element.tag in (qn("a:r"), qn("a:fld")):
                runs.append(self._run(element))
            elif (
                next(element.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"), None)
                is not None
            ):
                self.gathered.leave("công thức: chỗ ấy ghi [công thức]")
                runs.append(Run("[công thức]"))
        return runs

    def _run(self, element: Any) -> Run:
        text = "".join(t.text or "" for t in element.iter(qn("a:t"))).replace("\v", "\n")
        properties = element.find(qn("a:rPr"))
        if properties is None:
            return Run(text)
        latin = properties.find(qn("a:latin"))
        if latin is not None and old_fonts.is_old(latin.get("typeface") or ""):
            text = old_fonts.converted(text, latin.get("typeface") or "")
        clicked = properties.find(qn("a:hlinkClick"))
        rel = self.slide.part.rels.get(clicked.get(qn("r:id")) or "") if clicked is not None else None
        link = rel.target_ref if rel is not None and rel.is_external else ""
        return Run(text, properties.get("b") in ("1", "true"), properties.get("i") in ("1", "true"), link)

    def _frame(self, shape: Any) -> None:
        """A table; a chart or a drawing of which at most the words are taken."""
        if shape.has_table:
            rows = [
                [[run for p in cell.text_frame.paragraphs for run in (*self._runs(p), Run("\n"))] for cell in row.cells]
                for row in shape.table.rows
            ]
            self.gathered.add(Table(rows, head=shape.table.first_row))
            return
        related = next(shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"), None)
        rel = self.slide.part.rels.get(related.get(qn("r:dm")) or "") if related is not None else None
        if rel is not None and not rel.is_external:
            for paragraph in tree(rel.target_part.blob).iter(_A + "p"):
                words = "".join(t.text or "" for t in paragraph.iter(_A + "t"))
                self.gathered.add(Text([Run(words)], "item"))
            self.gathered.leave("sơ đồ SmartArt: chỉ lấy chữ, hình vẽ thì hãy chụp rồi thêm")
        else:
            self.gathered.leave("biểu đồ: hãy chụp thành hình rồi thêm" if shape.has_chart else "đối tượng nhúng")

    def _notes(self) -> None:
        frame = self.slide.notes_slide.notes_text_frame if self.slide.has_notes_slide else None
        said = [Text(tidy([Run(p.text)])) for p in frame.paragraphs] if frame is not None else []
        if kept := [text for text in said if text.runs]:
            self.gathered.add(Box("teacher", list(kept)))

    def _moving(self) -> None:
        timing = self.slide._element.find(qn("p:timing"))
        if timing is not None and next(timing.iter(qn("p:animEffect"), qn("p:anim"), qn("p:set")), None) is not None:
            self.gathered.leave("hiệu ứng chuyển động")
        for rel in self.slide.part.rels.values():
            if re.search(r"/comments?$", rel.reltype) and not rel.is_external:
                self.gathered.leave("nhận xét trên trang chiếu")

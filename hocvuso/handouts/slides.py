"""A lesson as slides (PPTX): a title, a slide for each part between slide breaks, a slide for each question.

Notes: the teacher's guide with the title, the answer with its question. Practice is done on the page, to which one
slide leads.
"""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.util import Inches, Pt

from hocvuso.library.source.schema import ItemSource

from . import blocks, bundles
from .blocks import Block
from .bundles import Whole
from .word import repacked

_WIDE, _HIGH = 13.333, 7.5  # inches
_TITLE, _TITLE_AND_TEXT = 0, 1  # layouts of the template of python-pptx
_MOST = 620  # letters that a slide can be read with; a longer part goes on with the next


def write(whole: Whole) -> bytes:
    """The slides; the same edition gives the same bytes."""
    lesson = whole.lessons[0]
    show = _begun(whole)
    first = show.slides.add_slide(show.slide_layouts[_TITLE])
    first.shapes.title.text, first.placeholders[1].text = whole.title, whole.summary
    _noted(first, _plain(blocks.of_guide(whole, lesson)))
    _practice(show, whole)
    for title, part in _parts(blocks.of_text(whole, lesson)):
        _part(show, title, part)
    for number, check in enumerate(lesson.checks, start=1):
        _question(show, number, check)
    last = _slide(show, "Ghi nguồn", [Block("text", blocks.line(whole.attribution))])
    sources = [f"{one['title']} ({one['issuer']}) {one['url']}".strip() for one in lesson.about["sources"]]
    _noted(last, "\n".join(sources))
    out = BytesIO()
    show.save(out)
    return repacked(out.getvalue())


def _begun(whole: Whole) -> Any:
    show: Any = Presentation()
    before = show.slide_width
    show.slide_width, show.slide_height = Inches(_WIDE), Inches(_HIGH)
    for layout in (show.slide_layouts[_TITLE], show.slide_layouts[_TITLE_AND_TEXT], show.slide_master):
        for shape in layout.placeholders:
            shape.left, shape.width = shape.left * show.slide_width // before, shape.width * show.slide_width // before
    about, moment = show.core_properties, datetime.datetime.combine(whole.day, datetime.time())
    about.title, about.author, about.language = whole.title, whole.content["authors"], "vi"
    about.comments, about.last_modified_by = whole.attribution, bundles.PUBLISHER
    about.created = about.modified = moment
    return show


def _practice(show: Any, whole: Whole) -> None:
    told = whole.lessons[0].about["practice"]
    lines = [told["title"], f"Cả lớp tập làm tại: {whole.address}"]
    _slide(show, "Tập làm", [Block("text", blocks.line(text)) for text in lines])


def _parts(shown: list[Block]) -> list[tuple[str, list[Block]]]:
    """What stands between slide breaks, each part under its first heading; one that is too long is cut."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in shown:
        title, part = parts[-1]
        if block.kind == "break":
            parts.append(("", []))
        elif block.kind == "heading" and not part:
            parts[-1] = (block.text, [])
        elif block.kind == "heading" and block.level == 2 or sum(len(b.text) for b in part) + len(block.text) > _MOST:
            heading = block.kind == "heading"
            parts.append((block.text if heading else title, [] if heading else [block]))
        else:
            part.append(block)
    return [(title, part) for title, part in parts if part]


def _part(show: Any, title: str, part: list[Block]) -> None:
    pictures = [block for block in part if block.kind == "picture"]
    slide = _slide(show, title, [block for block in part if block.kind != "picture"], narrow=bool(pictures))
    for place, block in enumerate(pictures[:2]):
        _picture(slide, block, place, len(pictures[:2]))


def _slide(show: Any, title: str, shown: list[Block], *, narrow: bool = False) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[_TITLE_AND_TEXT])
    slide.shapes.title.text = title or show.core_properties.title
    slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(32)
    body = slide.placeholders[1]
    if narrow:
        left, top, height = body.left, body.top, body.height
        body.left, body.top, body.width, body.height = left, top, Inches(7.2), height
    frame = body.text_frame
    frame.word_wrap = True
    letters = sum(len(block.text) for block in shown) * (1.5 if narrow else 1)
    size = Pt(24 if letters < 300 else 20 if letters < 500 else 16)
    for place, block in enumerate(shown):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        _paragraph(paragraph, block, size)
    return slide


def _paragraph(paragraph: Any, block: Block, size: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.insert(0, properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {}))
    runs = (blocks.Run(f"{block.sign} "), *block.runs) if block.kind == "item" else block.runs
    for run in runs:
        made = paragraph.add_run()
        made.text, made.font.size = run.text, size
        made.font.bold, made.font.italic = run.bold or block.kind == "heading", run.italic
        if run.link:
            made.hyperlink.address = run.link


def _picture(slide: Any, block: Block, place: int, count: int) -> None:
    content = blocks.raster(block.picture)
    with Image.open(BytesIO(content)) as image:
        wide, high = image.size
    room = (5.0, 5.2 / count)
    scale = min(room[0] / wide, room[1] / high)
    left, top = Inches(8.1), Inches(1.7 + place * room[1])
    shape = slide.shapes.add_picture(BytesIO(content), left, top, Inches(wide * scale), Inches(high * scale))
    shape._element.nvPicPr.cNvPr.set("descr", block.alt)


def _question(show: Any, number: int, check: ItemSource) -> None:
    lines = sorted(check.sequence) if check.type == "order" else [option.text for option in check.options]
    signs = ["•"] * len(lines) if check.type == "order" else [f"{chr(ord('A') + n)}." for n in range(len(lines))]
    asked = Block("text", blocks.line(check.stem, bold=True))
    rows = [Block("item", blocks.line(text), sign=sign) for sign, text in zip(signs, lines, strict=True)]
    slide = _slide(show, f"Câu hỏi {number}", [asked, *rows])
    _noted(slide, f"Trả lời: {bundles.right_of(check)}\n{check.why}")


def _noted(slide: Any, text: str) -> None:
    slide.notes_slide.notes_text_frame.text = text


def _plain(shown: list[Block]) -> str:
    return "\n".join(f"{block.sign} {block.text}".strip() for block in shown if block.text)

"""A lesson, or the guide of whoever teaches it, as a Word document (DOCX): to change, print and hand out."""

from __future__ import annotations

import datetime
import zipfile
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image

from hocvuso.library.publishing.sources import pack

from . import blocks, bundles
from .blocks import Block, Run
from .bundles import Whole

_FONT = "Times New Roman"


def handout(whole: Whole) -> bytes:
    """The lesson, its questions, and the answers on a page of their own."""
    lesson = whole.lessons[0]
    document = _begun(whole, whole.title)
    _text(document, blocks.line(whole.summary, italic=True))
    _all(document, blocks.of_lesson(whole, lesson))
    if right := blocks.answers(lesson):
        document.add_page_break()
        document.add_heading("Trả lời các câu hỏi", 2)
        _all(document, right)
    return _ended(document, whole)


def guide(whole: Whole) -> bytes:
    """The guide of whoever teaches the lesson, with the answers to its questions."""
    lesson = whole.lessons[0]
    document = _begun(whole, f"Hướng dẫn cho người dạy: {whole.title}")
    _all(document, blocks.of_guide(whole, lesson))
    if right := blocks.answers(lesson):
        document.add_heading("Trả lời các câu hỏi", 2)
        _all(document, right)
    return _ended(document, whole)


def _begun(whole: Whole, title: str) -> Any:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    for level in range(1, 5):
        heading = document.styles[f"Heading {level}"]
        heading.font.name = _FONT
        heading.element.rPr.rFonts.set(qn("w:asciiTheme"), _FONT)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            heading.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    about, moment = document.core_properties, datetime.datetime.combine(whole.day, datetime.time())
    about.title, about.author, about.language = title, whole.content["authors"], "vi"
    about.comments, about.last_modified_by = whole.attribution, bundles.PUBLISHER
    about.created = about.modified = moment
    document.add_heading(title, 1)
    return document


def _ended(document: Any, whole: Whole) -> bytes:
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(whole.attribution).font.size = Pt(8)
    out = BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def repacked(office: bytes) -> bytes:
    """The same file of an office without the hour at which it was made: the same content gives the same bytes."""
    with zipfile.ZipFile(BytesIO(office)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def _all(document: Any, shown: list[Block]) -> None:
    for block in shown:
        match block.kind:
            case "heading":
                document.add_heading(block.text, min(block.level, 4))
            case "picture":
                _picture(document, block)
            case "item" | "text":
                _text(document, block.runs, block)


def _text(document: Any, runs: tuple[Run, ...], block: Block | None = None) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_after = Pt(4)
    indent = 0.6 if block and block.box else 0.0
    if block and block.kind == "item":
        form.left_indent, form.first_line_indent = Cm(indent + 0.8), Cm(-0.6)
        paragraph.add_run(f"{block.sign} ")
    elif indent:
        form.left_indent = Cm(indent)
    for run in runs:
        made = paragraph.add_run(run.text)
        made.bold, made.italic, made.underline = run.bold or None, run.italic or None, bool(run.link) or None
        if run.link and run.link != run.text:
            paragraph.add_run(f" ({run.link})").font.size = Pt(9)


def _picture(document: Any, block: Block) -> None:
    content = blocks.raster(block.picture)
    with Image.open(BytesIO(content)) as image:
        width = min(12.0, 9.0 * image.width / image.height)
    shape = document.add_picture(BytesIO(content), width=Cm(width))
    shape._inline.docPr.set("descr", block.alt)

"""Lays a document out as .docx in the form of Decree 30/2020/NĐ-CP."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from . import rules_columns
from .rules import FONT, MARGINS_MM, MOTTO, NATIONAL_TITLE, PAGE_MM, SIZE, Sheet, dateline, ending, symbol

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT_MM = PAGE_MM[0] - MARGINS_MM["left"] - MARGINS_MM["right"]
SIDEWAYS_MM = PAGE_MM[1] - MARGINS_MM["left"] - MARGINS_MM["right"]
_HEAD_MM = (70, TEXT_MM - 70)


def render(sheet: Sheet) -> bytes:
    """The .docx file."""
    document = Document()
    _page(document)
    _head(document, sheet)
    if sheet.kind == "CV":
        _addressees(document, sheet.addressees)
    else:
        _title(document, sheet)
    for line in sheet.basis:
        _paragraph(document, line, size=SIZE["body"], italic=True, align=ALIGN.JUSTIFY, indent=True)
    sideways = False
    for block, wish in zip(sheet.body, _sideways(sheet.body), strict=True):
        if wish != sideways:
            _turn(document, wish)
        sideways = wish
        _block(document, block, SIDEWAYS_MM if sideways else TEXT_MM)
    _foot(document, sheet, SIDEWAYS_MM if sideways else TEXT_MM)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE["body"])
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(MARGINS_MM["top"]), Mm(MARGINS_MM["bottom"])
    section.left_margin, section.right_margin = Mm(MARGINS_MM["left"]), Mm(MARGINS_MM["right"])
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True  # I.7: the number is not shown on the first page
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    run = number.add_run()
    run.font.size = Pt(SIZE["page"])
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run._r.append(_field_part(kind, text))


def _sideways(body: list[dict[str, Any]]) -> list[bool]:
    """Which blocks stand on pages on their side: wide tables, each with the heading right above it."""
    wide = [block["kind"] == "table" and rules_columns.is_wide(block["head"], block["rows"], TEXT_MM) for block in body]
    below = [*wide, False][1:]
    return [own or (block["kind"] == "heading" and next_) for block, own, next_ in zip(body, wide, below, strict=True)]


def _turn(document: Any, sideways: bool) -> None:
    """Goes on on a new page, on its side or upright; margins stay as they are, and so does the page number."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    across, down = PAGE_MM[::-1] if sideways else PAGE_MM
    section.page_width, section.page_height = Mm(across), Mm(down)


def _field_part(kind: str, text: str) -> Any:
    if text:
        part = OxmlElement("w:instrText")
        part.text = text
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part


def _paragraph(
    where: Any,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    align: Any = ALIGN.LEFT,
    indent: bool = False,
    after: int = 6,
    line_below: int = 0,
) -> Any:
    """One paragraph; `line_below`: width in per cent of a ruled line under it."""
    made = where.add_paragraph()
    made.alignment = align
    shape = made.paragraph_format
    shape.space_before, shape.space_after = Pt(0), Pt(after)
    if indent:
        shape.first_line_indent = Mm(12.7)
    run = made.add_run(text)
    run.font.size, run.font.name, run.bold, run.italic = Pt(size), FONT, bold, italic
    if line_below:
        _rule(where, line_below, align)
    return made


def _rule(where: Any, percent: int, align: Any) -> None:
    """A drawn line: an empty paragraph with a border on top, drawn in from both sides."""
    line = where.add_paragraph()
    line.alignment = align
    line.paragraph_format.space_after = Pt(4)
    line.paragraph_format.line_spacing = Pt(4)
    wide = where.width if hasattr(where, "width") and where.width else Mm(TEXT_MM)
    side = int(wide * (100 - percent) / 200)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = side
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    line._p.get_or_add_pPr().append(border)


def _columns(document: Any, widths: tuple[float, float]) -> tuple[Any, Any]:
    """Two borderless columns; the empty paragraph that each cell begins with is removed by the caller's first text."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    cells = table.rows[0].cells
    for column, cell, width in zip(table.columns, cells, widths, strict=True):
        column.width = cell.width = Mm(width)
        cell._element.remove(cell.paragraphs[0]._element)
    return cells


def _head(document: Any, sheet: Sheet) -> None:
    left, right = _columns(document, _HEAD_MM)
    letterhead = sheet.letterhead
    if letterhead.organ_above:
        _paragraph(left, letterhead.organ_above.upper(), size=SIZE["organ"], align=ALIGN.CENTER, after=0)
    _paragraph(
        left, letterhead.organ.upper(), size=SIZE["organ"], bold=True, align=ALIGN.CENTER, after=0, line_below=40
    )
    _paragraph(left, f"Số: {symbol(sheet)}", size=SIZE["number"], align=ALIGN.CENTER, after=0)
    if sheet.kind == "CV":
        _paragraph(left, f"V/v {sheet.title}", size=SIZE["about"], align=ALIGN.CENTER)
    _paragraph(right, NATIONAL_TITLE, size=SIZE["national_title"], bold=True, align=ALIGN.CENTER, after=0)
    _paragraph(right, MOTTO, size=SIZE["motto"], bold=True, align=ALIGN.CENTER, after=0, line_below=60)
    line = dateline(letterhead.place, sheet.issued_on)
    _paragraph(right, line, size=SIZE["date"], italic=True, align=ALIGN.CENTER)


def _title(document: Any, sheet: Sheet) -> None:
    _paragraph(document, "", size=SIZE["body"], after=0)
    _paragraph(document, sheet.kind_name.upper(), size=SIZE["kind"], bold=True, align=ALIGN.CENTER, after=0)
    _paragraph(document, sheet.title, size=SIZE["title"], bold=True, align=ALIGN.CENTER, after=0, line_below=33)


def _addressees(document: Any, lines: list[str]) -> None:
    _paragraph(document, "", size=SIZE["body"], after=0)
    if len(lines) == 1:
        _paragraph(document, f"Kính gửi: {lines[0]}", size=SIZE["body"], align=ALIGN.CENTER, after=12)
        return
    _paragraph(document, "Kính gửi:", size=SIZE["body"], align=ALIGN.CENTER)
    for line in ending(lines):
        made = _paragraph(document, line, size=SIZE["body"], after=2)
        made.paragraph_format.left_indent = Mm(55)


def _block(document: Any, block: dict[str, Any], space: float) -> None:
    match block["kind"]:
        case "heading":
            _paragraph(document, block["text"], size=SIZE["body"], bold=True, align=ALIGN.JUSTIFY, indent=True)
        case "item":
            _paragraph(document, f"- {block['text']}", size=SIZE["body"], align=ALIGN.JUSTIFY, indent=True)
        case "table":
            _table(document, block["head"], block["rows"], space)
        case _:
            _paragraph(document, block["text"], size=SIZE["body"], align=ALIGN.JUSTIFY, indent=True)


def _table(document: Any, head: list[str], rows: list[list[str]], space: float) -> None:
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    table.autofit = False
    widths = rules_columns.widths(head, rows, space)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        _cell(cell, text, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _cell(cell, text)
    _paragraph(document, "", size=6, after=0)


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.alignment = ALIGN.CENTER if bold else ALIGN.LEFT
    run = paragraph.add_run(str(text))
    run.bold, run.font.size, run.font.name = bold, Pt(rules_columns.SIZE), FONT


def _foot(document: Any, sheet: Sheet, space: float) -> None:
    _paragraph(document, "", size=6, after=0)
    left, right = _columns(document, (space / 2, space / 2))
    _paragraph(left, "Nơi nhận:", size=SIZE["recipients_head"], bold=True, italic=True, after=0)
    for line in ending(sheet.recipients):
        _paragraph(left, line, size=SIZE["recipients"], after=0)
    for line in (sheet.authority, sheet.position):
        if line:
            _paragraph(right, line.upper(), size=SIZE["signature"], bold=True, align=ALIGN.CENTER, after=0)
    for _line in range(4):
        _paragraph(right, "", size=SIZE["signature"], align=ALIGN.CENTER, after=0)
    _paragraph(right, sheet.signer, size=SIZE["signature"], bold=True, align=ALIGN.CENTER, after=0)

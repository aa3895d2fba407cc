"""Hostile tables, workbooks and documents."""
# ruff: noqa: E501, C901  tables of what hurts, a line each

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

import docx

from hocvuso.base.tests import hostile as sheets

from .common import DOCX, ENTITIES, FORM, MEGABYTE, TABLE, Case, damaged, texts, utf8, zipped

HEADS = {
    "code": "mã đơn vị", "name": "tên", "kind": "loại", "parent": "mã đơn vị cấp trên", "indicator": "mã chỉ số",
    "unit": "mã đơn vị", "period": "kỳ", "value": "giá trị", "place": "mã địa bàn", "group": "nhóm", "on": "tại ngày",
    "count": "số người", "source": "nguồn",
}  # fmt: skip
# The heads that readers of tables know, so that each text comes to where it is read.
TABLES = (
    ("code", "name", "kind", "parent"), ("indicator", "unit", "period", "value"),
    ("place", "group", "on", "count", "source"), ("indicator", "unit", "period", "value", "source"),
)  # fmt: skip


def _row(columns: tuple[str, ...], text: str) -> list[str]:
    good = {"unit": "SO-1", "indicator": "may", "period": "2026", "place": "01", "value": "1", "count": "5"}
    return [text if n % 2 == len(text) % 2 else good.get(c, "all") for n, c in enumerate(columns)]


def tables() -> Iterator[Case]:
    for columns in TABLES:
        for n, text in enumerate(texts()):
            delimiter = ",;\t"[n % 3]
            quoted = ['"' + cell.replace('"', '""') + '"' for cell in _row(columns, text)]
            head = delimiter.join(columns)
            yield Case(TABLE, f"CSV of {columns[0]} {text[:30]!r}", utf8(f"{head}\n{delimiter.join(quoted)}\n"))
            raw = delimiter.join(_row(columns, text))
            yield Case(TABLE, f"CSV of {columns[0]}, unquoted {text[:30]!r}", utf8(f"{head}\n{raw}\n"))
    plain = ",".join(TABLES[1]) + "\n" + "may,SO-1,2026,1\n" * 40
    yield from damaged(TABLE, "a CSV file", plain.encode())
    adx = '<adx xmlns="urn:ihe:qrph:adx:2015"><group orgUnit="SO-1" period="2026"><dataValue dataElement="may" value={}/></group></adx>'
    for text in texts():
        yield Case(TABLE, f"ADX {text[:30]!r}", utf8(adx.format(quoteattr(text))))
    yield from damaged(TABLE, "an ADX file", adx.format('"1"').encode())
    for name, head in ENTITIES.items():
        yield Case(TABLE, f"ADX with {name}", (head + adx.format('"&x;"')).encode())
    for name, make in sheets.FILES.items():
        yield Case(TABLE, name, make())


def _book(cell: str, *, strings: str = "", head: str = "") -> bytes:
    return sheets.workbook(f'<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c>{cell}</row>', strings=strings)


def workbooks() -> Iterator[Case]:
    for kind in (TABLE, FORM):
        for text in texts():
            safe = escape(
                "".join(c for c in text if c in "\t\n\r" or c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe")
            )
            yield Case(
                kind, f"workbook with {text[:30]!r}", _book(f'<c r="B2" t="inlineStr"><is><t>{safe}</t></is></c>')
            )
            yield Case(kind, f"workbook, number {text[:30]!r}", _book(f'<c r="B2"><v>{safe}</v></c>'))
            yield Case(kind, f"workbook, formula {text[:30]!r}", _book(f'<c r="B2"><f>{safe}</f></c>'))
        yield from damaged(kind, "a workbook", sheets.workbook('<row r="2"><c r="A2"><v>1</v></c></row>'))
        for name, head in ENTITIES.items():
            yield Case(
                kind,
                f"workbook with {name}",
                zipped({"xl/workbook.xml": head + sheets.BOOK, "xl/_rels/workbook.xml.rels": sheets.LINKS}),
            )
        for extent in ("A1:XFD1048576", "XFD1048576:A1", "A0:B0", "", "A1:ZZZZ99999999", "#REF!"):
            yield Case(kind, f"workbook that says {extent}", sheets.workbook(dimension=extent))
        for at in ("XFD1048576", "A0", "AAAA1", "A99999999", "", "1A", "a1", "A1:B2", "$A$1"):
            yield Case(kind, f"a cell at {at!r}", sheets.workbook(f'<row r="2"><c r="{at}"><v>1</v></c></row>'))
        for shared in ("-1", "99999999", "x", "1e9", "", "0"):
            yield Case(
                kind,
                f"string number {shared}",
                _book(f'<c r="B2" t="s"><v>{shared}</v></c>', strings="<si><t>a</t></si>"),
            )
        for name in (
            "xl/vbaProject.bin",
            "xl/externalLinks/externalLink1.xml",
            "../../evil",
            "/abs",
            "xl\\workbook.xml",
        ):
            yield Case(kind, f"workbook with {name}", zipped({**_parts(), name: "x"}))
        yield Case(kind, "a bomb beside the workbook", zipped({**_parts(), "xl/media/a.bin": b"\0" * (40 * MEGABYTE)}))
    for columns in TABLES:  # cells may all point at one text: what is read is larger than the file
        for size in (200, 32_000):
            cells = ["ạ" * size] * len(columns)
            yield Case(TABLE, f"{columns[0]} pointing at {size}", sheets.pointing(columns, cells, 50_000))
    for kind in ("begin group", "integer", "select_one a"):
        for size in (200, 32_000):
            row = [kind, "q", "ạ" * size, "(" * size]
            form = sheets.pointing(["type", "name", "label", "relevant"], row, 9_000, name="survey")
            yield Case(FORM, f"{kind} {size} thousands of times", form)
    for name in ("a cell in the last corner", "many strings", "a swelling sheet", "elements in one another"):
        yield Case(FORM, name, sheets.FILES[name]())


def _parts() -> dict[str, str | bytes]:
    return {
        "xl/workbook.xml": sheets.BOOK, "xl/_rels/workbook.xml.rels": sheets.LINKS,
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{sheets.HEAD}</sheetData></worksheet>",
    }  # fmt: skip


@cache
def _docx(text: str = "Điều 1. Phạm vi") -> bytes:
    made, out = docx.Document(), BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def _docx_with(**parts: bytes) -> bytes:
    """A document with some of its parts replaced; a name has `__` for a slash and `_xml` for its ending."""
    with ZipFile(BytesIO(_docx())) as given:
        held: dict[str, str | bytes] = {name: given.read(name) for name in given.namelist()}
    return zipped(held | {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()})


W = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def documents() -> Iterator[Case]:
    for text in texts()[::3]:
        clean = "".join(c for c in text if c in "\t\n" or " " <= c < "\ud800")
        body = W.format(f"<w:p><w:r><w:t>{escape(clean)}</w:t></w:r></w:p>")
        yield Case(DOCX, f"a paragraph {text[:30]!r}", _docx_with(word__document_xml=utf8(body)))
    yield from damaged(DOCX, "a document", _docx(), changes=12)
    for name, head in ENTITIES.items():
        yield Case(
            DOCX,
            name,
            _docx_with(word__document_xml=(head + W.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")).encode()),
        )
    for name, body in {
        "tables in tables": "<w:tbl><w:tr><w:tc>" * 500, "many paragraphs": "<w:p/>" * 1_000_000,
        "elements in one another": "<w:p>" * 100_000, "a long text": f"<w:p><w:r><w:t>{'a' * 20 * MEGABYTE}</w:t></w:r></w:p>",
        "a list without a list": '<w:p><w:pPr><w:numPr><w:numId w:val="x"/></w:numPr></w:pPr></w:p>',
        "a span of cells": '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr></w:tc></w:tr></w:tbl>',
    }.items():  # fmt: skip
        yield Case(DOCX, name, _docx_with(word__document_xml=W.format(body).encode()))
    yield Case(DOCX, "with macros", _docx_with(**{"word__vbaProject.bin": b"x"}))
    yield Case(DOCX, "a bomb", _docx_with(**{"word__media__a.bin": b"\0" * (99 * MEGABYTE)}))
    yield Case(DOCX, "a large bomb", _docx_with(**{"word__media__a.bin": b"\0" * (101 * MEGABYTE)}))
    yield Case(DOCX, "a workbook", sheets.workbook())

"""Files made to hurt, each small on the disk. Run by itself, it reads one and tells the memory that this takes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1" t="inlineStr"><is><t>value</t></is></c></row>'
)
BOOK = '<workbook><sheets><sheet name="s" sheetId="1" r:id="r1" xmlns:r="r"/></sheets></workbook>'
LINKS = (
    '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
MEGABYTE = 1024 * 1024


def workbook(rows: str = "", *, strings: str = "", dimension: str = "A1:B2", more: int = 0) -> bytes:
    """A workbook with these rows as XML."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        sheet = f'<worksheet><dimension ref="{dimension}"/><sheetData>{HEAD}{rows}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if strings:
            archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        for number in range(more):
            archive.writestr(f"x{number}", "")
    return out.getvalue()


def pointing(head: Sequence[str], texts: Sequence[str], rows: int, *, name: str = "s") -> bytes:
    """A workbook all of whose rows have the same cells, which point at the same texts."""
    held = [*head, *texts]

    def row(places: range) -> str:
        return "<row>" + "".join(f'<c t="s"><v>{place}</v></c>' for place in places) + "</row>"

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK.replace('"s"', f'"{name}"'))
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        body = row(range(len(head))) + row(range(len(head), len(held))) * rows
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{body}</sheetData></worksheet>")
        archive.writestr("xl/sharedStrings.xml", "<sst>" + "".join(f"<si><t>{t}</t></si>" for t in held) + "</sst>")
    return out.getvalue()


CORNER = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'
FILES: dict[str, Callable[[], bytes]] = {
    "a cell in the last corner": lambda: workbook(CORNER, dimension="A1:XFD1048576"),
    "one row of many cells": lambda: workbook('<row r="2">' + "<c><v>1</v></c>" * (4 * MEGABYTE) + "</row>"),
    "elements in one another": lambda: workbook('<row r="2">' + "<x>" * (20 * MEGABYTE)),
    "one long attribute": lambda: workbook(f'<row r="2"><c r="{"A" * (100 * MEGABYTE)}"/></row>'),
    "one long text": lambda: workbook(f'<row r="2"><c r="A2" t="str"><v>{"A" * (100 * MEGABYTE)}</v></c></row>'),
    "many strings": lambda: workbook(strings="<si><t>a</t></si>" * (6 * MEGABYTE)),
    "a string of many runs": lambda: workbook(strings="<si>" + "<r><t>a</t></r>" * (6 * MEGABYTE) + "</si>"),
    "an archive of many files": lambda: workbook(more=60_000),
    "a swelling sheet": lambda: workbook("<row/>" * (12 * MEGABYTE)),
    "cells that point at one text": lambda: pointing(["code", "value"], ["ạ" * 32_000] * 2, 40_000),
    "CSV of one line": lambda: b"code,value\n" + b"a" * (100 * MEGABYTE),
    "CSV of one cell": lambda: b'code,value\n"' + b"a\n" * (50 * MEGABYTE),
    "CSV of one record": lambda: b"code,value\n" + b'"a\n",' * (20 * MEGABYTE),
}


def most_memory() -> int:
    """The most memory that this process had so far, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
    import django

    django.setup()
    from hocvuso.base.sheets import BadFile, open_table

    with Path(sys.argv[1]).open("rb") as file:
        try:
            count = sum(1 for _line in open_table(file, {"code": ("code",), "value": ("value",)}).lines)
            sys.stdout.write(f"{count} rows\n")
        except BadFile as refusal:
            sys.stdout.write(f"refused: {refusal}\n")
    sys.stdout.write(f"{most_memory()}\n")

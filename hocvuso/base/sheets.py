"""Lists from CSV or Excel as people keep them: a title above the header, Vietnamese column names, blank lines."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from .text import fold

MAX_ROWS = 50_000
MAX_UNPACKED = 100 * 1024 * 1024
_FORMULA = tuple("=+-@\t\r")  # what a spreadsheet would run; goes out behind a quote, which comes off on the way in

type Columns = Mapping[str, Sequence[str]]  # key → folded names; the second is what people are told
type Table = list[list[str]]
type Rows = list[tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class Fault:
    """One cell that cannot be taken."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return _("dòng %(row)s, cột %(column)s: “%(value)s” – %(reason)s") % {
            "row": self.row, "column": self.column, "value": self.value, "reason": self.reason,
        }  # fmt: skip


def read_rows(name: str, content: bytes, columns: Columns, needed: Sequence[str]) -> tuple[Rows, list[Fault]]:
    """Rows by column key, each with its number in the file. Judged by content: an .xlsx begins with `PK`."""
    tables = _excel(content) if content[:2] == b"PK" else _csv(content)
    if not tables:
        return [], [Fault(0, "", name, _("không phải tệp Excel (.xlsx) hay CSV (UTF-8) đọc được"))]
    table, (at, keys) = max(((t, _header(t, columns)) for t in tables), key=lambda pair: len(pair[1][1]))
    missing = [columns[k][1] for k in needed if k not in keys.values()]
    if missing:
        return [], [Fault(at + 1, "", "", _("thiếu cột: %(columns)s") % {"columns": ", ".join(missing)})]
    rows = []
    for number, cells in enumerate(table[at + 1 :], at + 2):
        row = {key: _unquoted(cells[i].strip()) if i < len(cells) else "" for i, key in keys.items()}
        if any(row.values()):
            rows.append((number, row))
    if len(rows) > MAX_ROWS:
        return [], [Fault(0, "", str(len(rows)), _("nhiều hơn %(most)s dòng; hãy chia tệp") % {"most": MAX_ROWS})]
    return rows, []


def quoted(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `read_rows` gives it back unchanged."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _excel(content: bytes) -> list[Table]:
    """The first sheet; none where it cannot be read."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                return []
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]]
    except (BadZipFile, CalamineError, OSError, ValueError, IndexError):
        return []


def _text(cell: Any) -> str:
    if isinstance(cell, float):  # fractions with a comma: a point might be taken to stand between thousands
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    return "" if cell is None else str(cell)


def _csv(content: bytes) -> list[Table]:
    """The text taken apart by each delimiter that people's programs use: the header tells which was meant."""
    try:
        text = content.decode("utf-8-sig")
        return [list(csv.reader(StringIO(text), delimiter=delimiter)) for delimiter in ",;\t"]
    except (UnicodeDecodeError, csv.Error):
        return []


def _header(table: Table, columns: Columns) -> tuple[int, dict[int, str]]:
    """The header row is the one, of the first twenty, in which most columns are known."""
    names = {alias: key for key, aliases in columns.items() for alias in aliases}
    best: tuple[int, dict[int, str]] = (0, {})
    for at, cells in enumerate(table[:20]):
        keys = {i: names[fold(cell)] for i, cell in enumerate(cells) if fold(cell) in names}
        if len(keys) > len(best[1]):
            best = (at, keys)
    return best

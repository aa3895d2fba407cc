"""Workbooks (.xlsx) of strangers, row by row: what a file says of its own size is never believed.

The XML goes through the parser in pieces and no tree is built: memory does not grow with the file, however it is made.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from . import cells
from .faults import BadFile
from .streamed import MAX_CELL, Attributes, Target, feed, too_large

MAX_COLUMNS = 1000
MOST_SHEET = 256 * 1024 * 1024  # bytes
MAX_STRINGS = 300_000
MAX_STRINGS_SIZE = 12 * 1024 * 1024  # characters, of four bytes at most
MAX_SHOWN = 64 * 1024 * 1024  # characters of all cells together: each may point at the same long text
_MAX_DIRECTORY = 1024 * 1024
_MAX_ROW = 1_048_576
_MAX_PARTS = 70_000  # formats of cells, sheets
_MIDNIGHT = re.compile(r"T00:00(:00(\.0+)?)?Z?$")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")

type Line = tuple[int, list[str]]


class Workbook:
    """An .xlsx file. `sheets` names the visible ones in order. Raises BadFile, also while lines are read."""

    def __init__(self, file: IO[bytes]) -> None:
        with _in_words():
            self._zip = _archive(file)
            book = _Book()
            self._parse("xl/workbook.xml", book)
            links = _Links()
            self._parse("xl/_rels/workbook.xml.rels", links)
            strings, styles = _Strings(), _Styles()
            for kind, part in ((strings, links.of_kind("sharedStrings")), (styles, links.of_kind("styles"))):
                if part in self._zip.namelist():
                    self._parse(part, kind)
            self._strings, self._kinds = strings.found, styles.kinds()
            self._since_1904 = book.since_1904
            self.sheets = {name: links.parts.get(link, "") for name, link in book.sheets}
        if not self.sheets:
            raise BadFile(why=_("tệp Excel này không có trang nào."))

    def lines(self, sheet: str, *, most: int = MOST_SHEET) -> Iterator[Line]:
        """Rows of a sheet with their numbers, at most so many bytes of it; rows without content are left out."""
        rows = _Rows(self._strings, self._kinds, self._since_1904)
        with _in_words():
            for _piece in self._pieces(self.sheets[sheet], rows, most):
                yield from rows.done
                rows.done.clear()

    def _parse(self, part: str, target: Target) -> None:
        for _piece in self._pieces(part, target):
            pass

    def _pieces(self, part: str, target: Target, most: int = MOST_SHEET) -> Iterator[None]:
        with self._zip.open(part) as stream:
            yield from feed(stream, target, most=most)


@contextmanager
def _in_words() -> Iterator[None]:
    """No exception of a library leaves."""
    try:
        yield
    except (BadZipFile, zlib.error, ExpatError, EOFError, OSError) as error:
        raise _broken() from error
    except (ValueError, LookupError, ArithmeticError, NotImplementedError, RuntimeError) as error:
        raise _broken() from error


def _broken() -> BadFile:
    return BadFile(why=_("không phải tệp Excel (.xlsx), hoặc tệp đã hỏng. Hãy mở bằng Excel rồi lưu lại thành .xlsx."))


def _archive(file: IO[bytes]) -> ZipFile:
    """The archive, once its directory is known to be small. Raises BadFile, BadZipFile."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    large = at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07"
    if large or at >= 0 and int.from_bytes(tail[at + 12 : at + 16], "little") > _MAX_DIRECTORY:
        raise too_large()
    file.seek(0)
    archive = ZipFile(file)
    names = {member.filename for member in archive.infolist()}
    if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in archive.infolist()):
        raise BadZipFile
    if "xl/workbook.bin" in names or "content.xml" in names or "word/document.xml" in names:
        raise BadFile(
            why=_("tệp này không phải .xlsx. Hãy mở bằng Excel rồi chọn lưu thành “Sổ làm việc Excel (.xlsx)”.")
        )
    return archive


def _local(attributes: Attributes, name: str) -> str:
    """An attribute of whatever prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


class _Book(Target):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            if len(self.sheets) > MAX_COLUMNS:
                raise too_large()
            self.sheets.append((attributes.get("name", ""), _local(attributes, "id")))


class _Links(Target):
    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and len(self.parts) <= MAX_COLUMNS:
            target = attributes.get("Target", "")
            part = target[1:] if target.startswith("/") else f"xl/{target.removeprefix('./')}"
            self.parts[attributes.get("Id", "")] = part
            self.kinds[attributes.get("Type", "").rpartition("/")[2]] = part

    def of_kind(self, kind: str) -> str:
        return self.kinds.get(kind, "")


class _Strings(Target):
    """Texts that cells point at. Of rich text the runs, without the readings above East Asian letters."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.all = 0
        self.parts: list[str] = []
        self.aside = False

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "t" and not self.aside:
            self.texts = []
        elif name == "rPh":
            self.aside = True

    def end(self, name: str) -> None:
        if name == "t" and self.texts is not None:
            self.parts.append(self.text())
        elif name == "rPh":
            self.aside = False
        elif name == "si":
            self.found.append("".join(self.parts))
            self.parts.clear()
            self.all += len(self.found[-1])
        if self.all > MAX_STRINGS_SIZE or len(self.found) > MAX_STRINGS or len(self.parts) > MAX_CELL:
            raise too_large()


class _Styles(Target):
    """What the format of each style of cells makes of a number."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.used: list[int] = []
        self.of_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "cellXfs":
            self.of_cells = True
        elif name == "xf" and self.of_cells:
            self.used.append(int(attributes.get("numFmtId", 0)))
        elif name == "numFmt":
            self.codes[int(attributes["numFmtId"])] = cells.kind_of_format(attributes.get("formatCode", ""))
        if len(self.used) > _MAX_PARTS or len(self.codes) > _MAX_PARTS:
            raise too_large()

    def end(self, name: str) -> None:
        self.of_cells = self.of_cells and name != "cellXfs"

    def kinds(self) -> list[str]:
        known = {**cells.BUILT_IN, **self.codes}
        return [known.get(number, cells.GENERAL) for number in self.used]


class _Rows(Target):
    """Rows of a sheet as they come: `done` holds those that are complete."""

    def __init__(self, strings: list[str], kinds: list[str], since_1904: bool) -> None:
        self.strings, self.kinds, self.since_1904 = strings, kinds, since_1904
        self.done: list[Line] = []
        self.number, self.column = 0, 0
        self.row: list[str] = []
        self.shown = 0
        self.cell: Attributes = {}
        self.value, self.formula, self.aside = "", "", False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.column = _column(attributes.get("r", ""), self.column + 1)
            self.cell, self.value, self.formula = attributes, "", ""
        elif name in ("v", "f") or name == "t" and not self.aside:
            self.texts = []
        elif name == "row":
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= _MAX_ROW:
                raise ValueError("rows out of order")
            self.number, self.column, self.row = number, 0, []
        elif name == "rPh":
            self.aside = True

    def end(self, name: str) -> None:
        if name == "v":
            self.value = self.text()
        elif name == "c":
            self._cell_ends()
        elif name == "row" and self.row:
            self.done.append((self.number, self.row))
        elif name == "t" and self.texts is not None:
            self.value += self.text()
            if len(self.value) > MAX_CELL:
                raise too_large()
        elif name == "f":
            self.formula = f"={self.text()}"
        elif name == "rPh":
            self.aside = False

    def _cell_ends(self) -> None:
        shown = self._shown()
        if not shown:
            return
        if self.column > MAX_COLUMNS:
            raise BadFile(
                why=_("dòng %(row)s có ô ở cột thứ %(column)s; một bảng có nhiều nhất %(most)s cột. Hãy xoá ô ấy.")
                % {"row": self.number, "column": self.column, "most": MAX_COLUMNS}
            )
        self.row += [""] * (self.column - 1 - len(self.row))
        self.row.append(shown)
        self.shown += len(shown)
        if self.shown > MAX_SHOWN:
            raise too_large()

    def _shown(self) -> str:
        """What stands in the cell; a formula that nobody has computed is not nothing, one that gives no text is."""
        value, kind = self.value, self.cell.get("t", "n")
        if not value:
            return cells.BrokenCell(self.formula) if self.formula and kind != "str" else ""
        match kind:
            case "s":
                return self.strings[int(value)]
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "n":
                return self._number(value)
            case "e":
                return cells.BrokenCell(value)
            case "d":  # ISO 8601, in the strict form of a workbook
                return _MIDNIGHT.sub("", value).replace("T", " ")
        return value

    def _number(self, value: str) -> str:
        style = self.cell.get("s")
        kind = self.kinds[int(style)] if style and self.kinds else cells.GENERAL
        if kind == cells.GENERAL and value.isdecimal() and len(value) < 16:
            return cells.NumberCell(value)
        if not math.isfinite(number := float(value)):
            raise ValueError("no number")
        return cells.written(number, kind, since_1904=self.since_1904)


def _column(reference: str, following: int) -> int:
    """The number of the column that a reference such as `XFD12` names; the next one where it names none."""
    if not reference:
        return following
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("no reference of a cell")
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    if number < following:
        raise ValueError("cells out of order")
    return number

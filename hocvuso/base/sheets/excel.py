"""Workbooks (.xlsx) of strangers, row by row: what a file says of its own size is never believed.

The XML goes through the parser in pieces and no tree is built: memory does not grow with the file, however it is made.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from . import cells
from .faults import BadFile

MAX_UNPACKED = 256 * 1024 * 1024
MAX_COLUMNS = 1000
MAX_CELL = 32_767  # characters; the limit of Excel
MAX_STRINGS = 300_000
MAX_STRINGS_SIZE = 12 * 1024 * 1024  # characters, of four bytes at most
_MAX_DIRECTORY = 1024 * 1024
_MAX_TOKEN = 1024 * 1024
_MAX_DEPTH = 60
_MAX_ELEMENTS = 8_000_000  # of one part; a million rows of three cells
_MAX_ROW = 1_048_576
_MAX_PARTS = 70_000  # formats of cells, sheets
_CHUNK = 64 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

type Line = tuple[int, list[str]]
type Attributes = dict[str, str]


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

    def lines(self, sheet: str = "") -> Iterator[Line]:
        """Rows with their numbers, of the first sheet where none is named; rows without content are left out."""
        rows = _Rows(self._strings, self._kinds, self._since_1904)
        with _in_words():
            for _piece in self._pieces(self.sheets[sheet or next(iter(self.sheets))], rows):
                yield from rows.done
                rows.done.clear()

    def _parse(self, part: str, target: _Target) -> None:
        for _piece in self._pieces(part, target):
            pass

    def _pieces(self, part: str, target: _Target) -> Iterator[None]:
        """Feed a part of the archive to its target; a turn for each piece."""
        parser, fed = _parser(target), 0
        with self._zip.open(part) as stream:
            while piece := stream.read(_CHUNK):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed > MAX_UNPACKED or fed - parser.CurrentByteIndex > _MAX_TOKEN:
                    raise _too_large()
                yield
        parser.Parse(b"", True)
        yield


def _too_large() -> BadFile:
    return BadFile(why=_("tệp Excel này khi mở ra quá lớn. Hãy chia thành nhiều tệp nhỏ hơn."))


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
        raise _too_large()
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


class _Target:
    """What takes the elements of a part, by their local names."""

    depth = count = 0
    texts: list[str] | None = None  # pieces of the text that is being read
    size = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self) -> str:
        """The text that was read since `texts` was opened."""
        found, self.texts, self.size = "".join(self.texts or ()), None, 0
        return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), found) if "_x" in found else found


def _parser(target: _Target) -> Any:
    parser = ParserCreate()
    parser.buffer_text = True
    start, end = target.start, target.end

    def starts(name: str, attributes: Attributes) -> None:
        target.depth += 1
        target.count += 1
        if target.depth > _MAX_DEPTH or target.count > _MAX_ELEMENTS:
            raise _too_large()
        start(name[name.find(":") + 1 :], attributes)

    def ends(name: str) -> None:
        target.depth -= 1
        end(name[name.find(":") + 1 :])

    def data(piece: str) -> None:
        if target.texts is not None:
            target.texts.append(piece)
            target.size += len(piece)
            if target.size > MAX_CELL:
                raise BadFile(why=_("có ô dài hơn %(most)s ký tự.") % {"most": MAX_CELL})

    def doctype(*_what: Any) -> None:
        raise ValueError("a document type in a workbook")

    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, doctype
    return parser


def _local(attributes: Attributes, name: str) -> str:
    """An attribute of whatever prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


class _Book(_Target):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            if len(self.sheets) > MAX_COLUMNS:
                raise _too_large()
            self.sheets.append((attributes.get("name", ""), _local(attributes, "id")))


class _Links(_Target):
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


class _Strings(_Target):
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
            raise _too_large()


class _Styles(_Target):
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
            raise _too_large()

    def end(self, name: str) -> None:
        self.of_cells = self.of_cells and name != "cellXfs"

    def kinds(self) -> list[str]:
        known = {**cells.BUILT_IN, **self.codes}
        return [known.get(number, cells.GENERAL) for number in self.used]


class _Rows(_Target):
    """Rows of a sheet as they come: `done` holds those that are complete."""

    def __init__(self, strings: list[str], kinds: list[str], since_1904: bool) -> None:
        self.strings, self.kinds, self.since_1904 = strings, kinds, since_1904
        self.done: list[Line] = []
        self.number, self.column = 0, 0
        self.row: list[str] = []
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
        elif name == "row":
            if self.row:
                self.done.append((self.number, self.row))
        elif name == "t" and self.texts is not None:
            self.value += self.text()
            if len(self.value) > MAX_CELL:
                raise _too_large()
        elif name == "f":
            self.formula = self.text()
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

    def _shown(self) -> str:
        """What stands in the cell; a formula that nobody has computed is not nothing."""
        value, kind = self.value, self.cell.get("t", "n")
        if not value:
            return f"={self.formula}" if self.formula else ""
        if kind == "s":
            return self.strings[int(value)]
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(value) if kind == "n" else value

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

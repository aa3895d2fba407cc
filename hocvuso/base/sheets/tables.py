"""A table in a file: its header found among the first rows, its columns known by name, the rest never passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from typing import IO

from django.utils.translation import gettext as _

from ..numbers import UNSAID, language_of
from ..text import clean, fold
from . import separated
from .cells import NumberCell, is_broken, unquoted
from .excel import Line, Workbook
from .faults import BadFile, Fault
from .streamed import too_large

MAX_ROWS = 50_000
MAX_TEXT = 8 * 1024 * 1024  # characters of all rows of a list, as they are kept in memory
MOST_FAULTS = 1000  # that are told of one file
HEADER_WITHIN = 20  # rows
MOST_SHEETS = 50
_HEAD_BYTES = 1024 * 1024  # in which the header of a sheet is looked for
MAX_NAME = 200  # characters of a cell that are looked at for the name of a column
# Columns that people add for themselves; they change nothing about the others.
ASIDE = frozenset(
    {"stt", "tt", "so thu tu", "ghi chu", "note", "notes", "ten", "name", "ten don vi", "unit name"}
    | {"ten chi so", "indicator name", "ten dia ban", "title"}
)

type Columns = Mapping[str, Sequence[str]]  # key → folded names; the second is what people are told


@dataclass
class Table:
    """A table whose header is known: `keys` are the columns that were looked for, `others` the rest, by place."""

    at: int
    head: list[str]
    keys: dict[int, str]
    others: dict[int, str]
    lines: Iterator[Line]
    language: str  # by which its numbers are read

    def twice(self) -> list[str]:
        """Names of columns that stand for something that another column stands for too."""
        counted = Counter(self.keys.values())
        return [self.head[place] for place, key in self.keys.items() if counted[key] > 1]


@dataclass
class Rows:
    """Rows by column key, each with its number in the file; what is wrong; columns that nobody reads."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    language: str = "vi"


def open_table(file: IO[bytes], columns: Columns, *, language: str | None = None) -> Table:
    """The one table of a workbook, or that of a text file, judged by content. Raises BadFile, also while it is read.

    `language`: whose separators its numbers have (see `base.numbers`). Where it is not said, that of the page; but
    commas between cells are the way of machines, so that there both ways are understood and what could be either is
    refused.
    """
    names = {alias: key for key, aliases in columns.items() for alias in aliases}
    read_by = language_of(language)
    if _is_workbook(file):
        book = Workbook(file)
        lines = book.lines(_sheet(book, names))
    else:
        delimiter = max(separated.DELIMITERS, key=lambda d: _best(separated.sample(file, d, HEADER_WITHIN), names)[0])
        lines = separated.lines(file, delimiter)
        read_by = UNSAID if delimiter == "," and language is None and read_by == "vi" else read_by
    first = list(islice(lines, HEADER_WITHIN))
    _score, place = _best([cells for _number, cells in first], names)
    at, cells = first[place] if first else (1, [])
    head = [clean(cell) for cell in cells]
    keys = {n: names[found] for n, name in enumerate(head) if (found := _name(name)) in names}
    others = {n: name for n, name in enumerate(head) if name and n not in keys}
    return Table(at, head, keys, others, chain(first[place + 1 :], lines), read_by)


def _best(rows: Sequence[Sequence[str]], names: Mapping[str, str]) -> tuple[int, int]:
    """How many columns the first best of the rows names, and which row it is."""
    known = [len({names[found] for cell in cells if (found := _name(cell)) in names}) for cells in rows]
    most = max(known, default=0)
    return most, known.index(most) if known else 0


def _name(cell: str) -> str:
    return fold(clean(cell[:MAX_NAME]))


def _sheet(book: Workbook, names: Mapping[str, str]) -> str:
    """The sheet whose first rows name most columns. Raises BadFile where a second one names as many."""
    first, *more = book.sheets
    if not more:
        return first
    if len(more) >= MOST_SHEETS:
        raise BadFile(why=_("tệp Excel này có hơn %(most)s trang.") % {"most": MOST_SHEETS})
    found = {sheet: _looked_at(book, sheet, names) for sheet in book.sheets}
    most = max(score for score, _filled in found.values())
    tables = [sheet for sheet, (score, filled) in found.items() if score == most and filled]
    if most and len(tables) > 1:
        told = _("có bảng ở nhiều trang: %(sheets)s. Hãy để mỗi tệp một bảng.")
        raise BadFile(why=told % {"sheets": ", ".join(tables)[:200]})
    return tables[0] if most and tables else next(sheet for sheet, (score, _filled) in found.items() if score == most)


def _looked_at(book: Workbook, sheet: str, names: Mapping[str, str]) -> tuple[int, bool]:
    """How many columns the header of a sheet names, and whether there is anything beneath it."""
    first: list[list[str]] = []
    with suppress(BadFile):  # what was read before it still says whether this is the table
        first.extend(cells for _number, cells in islice(book.lines(sheet, most=_HEAD_BYTES), HEADER_WITHIN))
    score, place = _best(first, names)
    return score, not all(map(is_blank, first[place + 1 :]))


def _is_workbook(file: IO[bytes]) -> bool:
    """Judged by the first bytes. Raises BadFile for what is neither a workbook nor text."""
    head = file.read(4096)
    file.seek(0)
    if head[:2] == b"PK":
        return True
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadFile(
            why=_("tệp có mật khẩu, hoặc là .xls kiểu cũ. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu thành .xlsx.")
        )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise BadFile(why=_("tệp này là trang web hoặc XML mang đuôi Excel. Hãy mở bằng Excel rồi lưu thành .xlsx."))
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise separated.no_text()
    if head[:5] == b"%PDF-":
        raise BadFile(why=_("tệp này là PDF. Hãy gửi bảng ở dạng .xlsx hoặc CSV."))
    return False


def kept(cell: str, *, lines: bool = False) -> str:
    """A cell as it is kept: clean, without the quote that goes out before formulas; numbers stay numbers."""
    return cell if isinstance(cell, NumberCell) else unquoted(clean(cell, lines=lines))


def is_blank(cells: Sequence[str]) -> bool:
    """Whether nothing can be seen in any of the cells."""
    text = "".join(cells).strip()
    return not text or not text.isascii() and not any(map(clean, cells))


def bounded(lines: Iterator[Line]) -> Iterator[Line]:
    """Rows that are kept in memory: a text that many cells share takes its place in each. Raises BadFile."""
    size = 0
    for line in lines:
        size += sum(map(len, line[1]))
        if size > MAX_TEXT:
            raise too_large()
        yield line


def read_rows(
    name: str,
    content: bytes,
    columns: Columns,
    needed: Sequence[str],
    *,
    language: str | None = None,
    lenient: bool = False,
    of_lines: Collection[str] = (),
) -> Rows:
    """All rows of a list in memory. A column that is not known is a fault; `lenient` only names it in `unused`.

    `of_lines`: columns whose texts keep their breaks of lines.
    """
    try:
        table = open_table(BytesIO(content), columns, language=language)
        found = Rows(language=table.language, unused=strange(table))
        found.faults = _header_faults(table, columns, needed, [] if lenient else found.unused)
        if not found.faults:
            _take_all(found, table, lenient, of_lines)
    except BadFile as error:
        return Rows(faults=[Fault(0, "", name, str(error))])
    if len(found.rows) > MAX_ROWS:
        told = _("nhiều hơn %(most)s dòng; hãy chia tệp") % {"most": MAX_ROWS}
        return Rows(faults=[Fault(0, "", str(len(found.rows)), told)])
    return found


def _take_all(found: Rows, table: Table, lenient: bool, of_lines: Collection[str]) -> None:
    """The rows of a table; no more of them, and no more faults, than anybody can use. Raises BadFile."""
    for number, cells in bounded(table.lines):
        if is_blank(cells):
            continue
        found.faults += _wrong_cells(table, number, cells, lenient)
        row = {
            key: kept(cells[place], lines=key in of_lines) if place < len(cells) else ""
            for place, key in table.keys.items()
        }
        if any(row.values()):
            found.rows.append((number, row))
        if len(found.rows) > MAX_ROWS or len(found.faults) >= MOST_FAULTS:
            return


def _wrong_cells(table: Table, number: int, cells: list[str], lenient: bool) -> Iterator[Fault]:
    if not lenient and (beside := stray(table, cells)):
        yield Fault(number, "", beside[:80], _("ô này nằm ngoài các cột có tên"))
    for place in table.keys:
        if place < len(cells) and is_broken(cells[place]):
            told = _("ô này báo lỗi, hoặc có công thức chưa được tính")
            yield Fault(number, table.head[place], cells[place][:80], told)


def strange(table: Table) -> list[str]:
    """Names of columns that are neither known nor such as people add for themselves."""
    return [name for name in table.others.values() if fold(name) not in ASIDE]


def stray(table: Table, cells: Sequence[str]) -> str:
    """What stands in a row where the header has no name: as a rule a comma too many."""
    named = len(table.head)
    return next((c for n, c in enumerate(cells) if (n >= named or not table.head[n]) and clean(c)), "")


def _header_faults(table: Table, columns: Columns, needed: Sequence[str], unknown: Sequence[str]) -> list[Fault]:
    faults = []
    if missing := [columns[key][1] for key in needed if key not in table.keys.values()]:
        faults.append(Fault(table.at, "", "", _("thiếu cột: %(columns)s") % {"columns": ", ".join(missing)}))
    if twice := table.twice():
        faults.append(Fault(table.at, "", "", _("hai cột cùng nghĩa: %(columns)s") % {"columns": ", ".join(twice)}))
    elif unknown:
        told = _("không hiểu cột: %(columns)s. Hãy bỏ cột ấy, hoặc đặt lại tên.")
        faults.append(Fault(table.at, "", "", told % {"columns": ", ".join(unknown)[:200]}))
    return faults

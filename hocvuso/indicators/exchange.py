"""Tables of values in the forms others use: CSV or Excel (long or wide), SDMX-CSV, and ADX of DHIS2. Read row by row.

Each reader yields (row number, indicator key, unit code, period, value as text), or a Fault for a row that has none.
What is wrong with a value says the import; what is wrong with the form says BadTable. What a file holds that is not
understood (a column, a dimension, an attribute, an action) is refused: it may make of the whole a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvuso.base import numbers, sheets
from hocvuso.base.errors import Refusal
from hocvuso.base.periods import parse
from hocvuso.base.sheets import Fault, NumberCell, PercentCell, Table
from hocvuso.base.sheets.streamed import Attributes, Target, feed
from hocvuso.base.text import clean, fold

type Row = tuple[int, str, str, str, str]
COLUMNS = {
    "indicator": ("indicator", "ma chi so", "chi so", "dataelement", "indicator code"),
    "unit": ("unit", "ma don vi", "don vi", "orgunit", "ref area", "ref_area"),
    "period": ("period", "ky", "time period", "time_period"),
    "value": ("value", "gia tri", "so lieu", "obs value", "obs_value"),
}
# Columns of SDMX-CSV besides these, and the cells that say nothing about the value but what is taken for granted.
SDMX: dict[str, set[str] | None] = {
    "dataflow": None,
    "structure": {"dataflow", "datastructure", "dataprovision"},
    "structure_id": None,
    "structure_name": None,
    "action": {"i", "a", "m", "r"},  # information, append, merge, replace; a deletion is none of ours
    "freq": None,  # the period says it
    "obs_status": {"a"},  # normal value
    "unit_mult": {"0"},
    "decimals": None,
}
TOTAL = {"", "_t", "_z"}  # of any other dimension: the total, or not applicable
_ADX = {  # elements by depth, and the attributes that are read or change nothing
    (1, "adx"): {"exported"},
    (2, "group"): {"orgUnit", "period", "dataSet", "completeDate"},
    (3, "dataValue"): {"dataElement", "value"},
}
_PAGES = (b"doctype html", b"<html", b"<table", b"office:spreadsheet")  # what saves itself as a spreadsheet
MAX_XML = 512 * 1024 * 1024
_BLANK = ("", "", "")

type _Judged = tuple[int, str, set[str]]  # place, name and what may stand in a column


class BadTable(Refusal):
    """The file is not a table of values in a known form."""

    code = "bad-table"
    says = gettext_lazy("Không đọc được bảng số liệu: %(why)s")


def read(file: IO[bytes], kind: str = "", *, language: str | None = None) -> Iterator[Row | Fault]:
    """Rows of `file`; `kind` csv, sdmx-csv, xlsx or adx, or judged by content. Raises BadTable, also later.

    `language`: whose separators the numbers of CSV and of texts in Excel have, `vi`, `en` or `plain`.
    """
    if not kind:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        file.seek(0)
        kind = "adx" if head[:1] == b"<" and not any(sign in head for sign in _PAGES) else "csv"
    if kind not in ("csv", "sdmx-csv", "xlsx", "adx"):
        raise BadTable(why=_("không có kiểu %(kind)s") % {"kind": kind})
    return _adx(file) if kind == "adx" else _table(file, language)


def _table(file: IO[bytes], language: str | None) -> Iterator[Row | Fault]:
    """A table that is long (a column each for indicator and value), wide (a column an indicator) or SDMX-CSV."""
    try:
        table = sheets.open_table(file, COLUMNS, language=language)
        places = {key: place for place, key in table.keys.items()}
        if twice := table.twice():
            raise BadTable(why=_("hai cột cùng nghĩa: %(columns)s") % {"columns": ", ".join(twice)})
        if "unit" not in places or "period" not in places:
            raise BadTable(why=_("dòng tiêu đề cần các cột unit và period"))
        if "value" not in places:
            yield from _wide(table, places)
        elif "indicator" not in places:
            raise BadTable(why=_("dòng tiêu đề cần cột indicator"))
        elif fold(table.head[places["value"]]).startswith("obs"):
            yield from _long(table, places, numbers.PLAIN, _judged(table))
        elif strange := sheets.strange(table):
            raise BadTable(why=_("không hiểu cột: %(columns)s") % {"columns": ", ".join(strange)[:200]})
        else:
            yield from _long(table, places, table.language)
    except sheets.BadFile as error:
        raise BadTable(why=error.values["why"]) from None


def _long(table: Table, places: dict[str, int], language: str, judged: Sequence[_Judged] = ()) -> Iterator[Row | Fault]:
    indicator, unit, period, value = (places[key] for key in ("indicator", "unit", "period", "value"))
    longest = max(indicator, unit, period, value)
    most = next((n for n, name in enumerate(table.head) if not name), len(table.head))
    for number, cells in table.lines:
        right = longest < len(cells) <= most and cells[unit] != "" and not judged
        if right or not (wrong := _wrong_row(table, cells, longest, judged)):
            yield _row(number, cells[indicator], cells[unit], cells[period], cells[value], language)
        elif wrong != _BLANK:
            yield Fault(number, *wrong)


def _wrong_row(table: Table, cells: list[str], longest: int, judged: Sequence[_Judged]) -> tuple[str, str, str] | None:
    """Column, value and reason of what is wrong with a row as such."""
    if sheets.is_blank(cells):
        return _BLANK
    if beside := sheets.stray(table, cells):
        return "", beside[:80], _("ô này nằm ngoài các cột có tên")
    if len(cells) <= longest:
        return "", "", _("dòng này thiếu cột")
    for place, name, allowed in judged:
        if place < len(cells) and clean(cells[place]).lower() not in allowed:
            return name, cells[place][:80], _("chỉ nhận số liệu chung, không nhận số liệu của một phần hay lệnh khác")
    return None


def _row(number: int, indicator: str, unit: str, period: str, value: str, language: str) -> Row | Fault:
    """A row whose value is a number of the file, or a text that only one reading can have."""
    if language == numbers.UNSAID or isinstance(value, NumberCell) or value.isdecimal() and value.isascii():
        return number, indicator, unit, period, value
    try:
        found, kind = numbers.read(value, language=language), PercentCell if value.rstrip()[-1:] == "%" else NumberCell
        return number, indicator, unit, period, kind(found)
    except numbers.NotANumber as refusal:
        return Fault(number, "value", value[:80], str(refusal))


def _wide(table: Table, places: dict[str, int]) -> Iterator[Row | Fault]:
    """One column an indicator; an empty cell is no value."""
    unit, period = places["unit"], places["period"]
    columns = [(place, name) for place, name in table.others.items() if fold(name) not in sheets.ASIDE]
    if len({name for _place, name in columns}) < len(columns):
        raise BadTable(why=_("hai cột cùng một chỉ số"))
    for number, cells in table.lines:
        if wrong := _wrong_row(table, cells, max(unit, period), ()):
            if wrong != _BLANK:
                yield Fault(number, *wrong)
            continue
        for place, key in columns:
            if place < len(cells) and not sheets.is_blank([cells[place]]):
                yield _row(number, key, cells[unit], cells[period], cells[place], table.language)


def _judged(table: Table) -> list[_Judged]:
    """Columns of SDMX-CSV that may say of a row that it is about a part, or not to be stored."""
    known = [(place, name, SDMX.get(name.lower(), TOTAL)) for place, name in table.others.items()]
    return [(place, name, allowed) for place, name, allowed in known if allowed is not None]


def _adx(file: IO[bytes]) -> Iterator[Row | Fault]:
    """ADX (IHE Aggregate Data Exchange): <group orgUnit period><dataValue dataElement value/></group>."""
    target = _Adx()
    try:
        for _piece in feed(file, target, most=MAX_XML):
            yield from target.done
            target.done.clear()
    except sheets.BadFile as error:
        raise BadTable(why=error.values["why"]) from None
    except (ExpatError, ValueError, LookupError) as error:
        raise BadTable(why=_("XML hỏng: %(error)s") % {"error": error}) from None


class _Adx(Target):
    """Values as they come. What a part of the file says that is not understood refuses the file as a whole."""

    def __init__(self) -> None:
        self.done: list[Row | Fault] = []
        self.unit = self.period = ""
        self.number = 0

    def start(self, name: str, attributes: Attributes) -> None:
        understood = _ADX.get((self.depth, name))
        if understood is None:
            raise BadTable(why=_("không phải ADX, hoặc có phần tử không hiểu: %(name)s") % {"name": name[:80]})
        strange = [a for a, said in attributes.items() if a not in understood and not _said_anyway(a, said)]
        if strange:
            told = _("thuộc tính không hiểu: %(names)s. Chỉ nhận số liệu chung, không nhận số liệu của một phần.")
            raise BadTable(why=told % {"names": ", ".join(strange)[:200]})
        if name == "group":
            self.unit, self.period = attributes.get("orgUnit", ""), _adx_period(attributes.get("period", ""))
        elif name == "dataValue":
            self.number += 1
            key, value = attributes.get("dataElement", ""), attributes.get("value", "")
            self.done.append(_row(self.number, key, self.unit, self.period, value, numbers.PLAIN))


def _said_anyway(attribute: str, said: str) -> bool:
    """Whether an attribute says what is taken for granted: a name space, codes as keys, no disaggregation."""
    if attribute.endswith("dScheme"):
        return said.upper() == "CODE"
    if attribute in ("categoryOptionCombo", "attributeOptionCombo"):
        return said.lower() == "default"
    return attribute.partition(":")[0] in ("xmlns", "xsi")


def _adx_period(text: str) -> str:
    """`2026-01-01/P1M` as `2026-01`; also P3M, P6M, P1Y. What is no whole period is handed on as it is."""
    begins, _slash, length = text.partition("/")
    year, month = begins[:4], begins[5:7]
    if not (length and month.isdecimal() and month.isascii()):
        return text
    codes = {
        "P1M": f"{year}-{month}",
        "P3M": f"{year}-Q{(int(month) - 1) // 3 + 1}",
        "P6M": f"{year}-H{(int(month) - 1) // 6 + 1}",
        "P1Y": year if month == "01" else f"{year}-S",
    }
    try:
        code = codes[length]
        return code if parse(code).first.isoformat() == begins else text
    except (KeyError, ValueError):
        return text

"""Tables of values in the forms others use: CSV or Excel (long or wide), SDMX-CSV, and ADX of DHIS2. Read row by row.

Each reader yields (row number, indicator key, unit code, period, value as text); what is wrong with a value says the
import, what is wrong with the form BadTable.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from typing import IO, Any

from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from hocvuso.base.errors import Refusal
from hocvuso.base.periods import parse
from hocvuso.base.text import fold

type Row = tuple[int, str, str, str, str]
_NAMES = {
    "indicator": {"indicator", "chi so", "ma chi so", "dataelement", "indicator code"},
    "unit": {"unit", "don vi", "ma don vi", "orgunit", "ref area", "ref_area"},
    "period": {"period", "ky", "time period", "time_period"},
    "value": {"value", "gia tri", "so lieu", "obs value", "obs_value"},
}
MAX_CELL = 200


class BadTable(Refusal):
    """The file is not a table of values in a known form."""

    code = "bad-table"
    says = _("Không đọc được bảng số liệu: %(why)s")


def read(file: IO[bytes], kind: str = "") -> Iterator[Row]:
    """Rows of `file`; `kind` csv, sdmx-csv, xlsx or adx, or judged by content. Raises BadTable, also later."""
    head = file.read(512)
    file.seek(0)
    if not kind:
        kind = "xlsx" if head[:2] == b"PK" else "adx" if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else "csv"
    readers: dict[str, Callable[[IO[bytes]], Iterator[Row]]] = {
        "csv": _csv,
        "sdmx-csv": _csv,
        "xlsx": _excel,
        "adx": _adx,
    }
    if kind not in readers:
        raise BadTable(why=_("không có kiểu %(kind)s") % {"kind": kind})
    return readers[kind](file)


def read_bytes(content: bytes, kind: str = "") -> Iterator[Row]:
    """Rows of a file in memory."""
    return read(BytesIO(content), kind)


def _csv(file: IO[bytes]) -> Iterator[Row]:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        sample = text.readline()
        delimiter = max(",;\t", key=sample.count)
        head = next(csv.reader([sample], delimiter=delimiter), [])
        yield from _table(head, csv.reader(text, delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(why=_("không phải CSV với chữ UTF-8 (%(error)s)") % {"error": error}) from None


def _excel(file: IO[bytes]) -> Iterator[Row]:
    """The first sheet of a workbook; whole numbers lose the `.0` that spreadsheets give them."""
    try:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        cells = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise BadTable(why=_("không phải tệp Excel đọc được (%(error)s)") % {"error": error}) from None
    yield from _table(cells[0] if cells else [], iter(cells[1:]))


def _text(cell: Any) -> str:
    """Fractions with a comma: a point might be taken to stand between thousands."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    return str(cell)


def _table(head: list[str], rows: Iterator[list[str]]) -> Iterator[Row]:
    """Rows of a table that is long (a column each for indicator and value) or wide (a column an indicator)."""
    folded = [fold(name) for name in head]
    places = {key: next((n for n, h in enumerate(folded) if h in names), None) for key, names in _NAMES.items()}
    if places["unit"] is None or places["period"] is None:
        raise BadTable(why=_("dòng đầu cần các cột unit và period"))
    if places["value"] is None:
        yield from _wide(rows, head, places)
    elif places["indicator"] is None:
        raise BadTable(why=_("dòng đầu cần cột indicator"))
    else:
        of_sdmx = folded[places["value"]].startswith("obs")
        for number, indicator, unit, period, value in _long(rows, places):
            yield number, indicator, unit, period, value.replace(".", ",") if of_sdmx else value


def _long(rows: Any, places: dict[str, Any]) -> Iterator[Row]:
    indicator, unit, period, value = (places[key] for key in ("indicator", "unit", "period", "value"))
    longest = max(indicator, unit, period, value)
    for number, row in enumerate(rows, 2):
        if len(row) > longest:
            yield number, row[indicator], row[unit], row[period], row[value][:MAX_CELL]
        elif any(row):
            raise BadTable(why=_("dòng %(row)s thiếu cột") % {"row": number})


def _wide(rows: Any, head: list[str], places: dict[str, Any]) -> Iterator[Row]:
    """One column an indicator; an empty cell is no value."""
    unit, period = places["unit"], places["period"]
    columns = [(n, name.strip()) for n, name in enumerate(head) if n not in (unit, period) and name.strip()]
    for number, row in enumerate(rows, 2):
        if not any(row):
            continue
        if len(row) < len(head):
            raise BadTable(why=_("dòng %(row)s thiếu cột") % {"row": number})
        for n, key in columns:
            if row[n].strip():
                yield number, key, row[unit], row[period], row[n][:MAX_CELL]


def _adx(file: IO[bytes]) -> Iterator[Row]:
    """ADX (IHE Aggregate Data Exchange): <group orgUnit period><dataValue dataElement value/></group>."""
    unit = period = ""
    number = 0
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            if event == "start" and name == "group":
                unit, period = element.get("orgUnit", ""), _adx_period(element.get("period", ""))
            elif event == "end" and name == "dataValue":
                number += 1
                value = element.get("value", "")[:MAX_CELL].replace(".", ",")  # XML has decimal points only
                yield number, element.get("dataElement", ""), unit, period, value
            if event == "end" and name in ("dataValue", "group"):
                element.clear()
    except ParseError as error:
        raise BadTable(why=_("XML hỏng: %(error)s") % {"error": error}) from None


def _adx_period(text: str) -> str:
    """`2026-01-01/P1M` as `2026-01`; also P3M, P6M, P1Y. What is no whole period is handed on as it is."""
    begins, _slash, length = text.partition("/")
    year, month = begins[:4], begins[5:7]
    if not (length and month.isdigit()):
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

"""Every table on screen as Excel or CSV; what looks like a formula is neutralised.

Periods stand by their names in Excel, which people read, and by their codes in CSV, which programmes read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook

from hocvuso.base.periods import Period

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cell(value: Any) -> Any:
    """A value as it may stand in a cell: numbers and dates as they are, texts never as formulas."""
    if value is None or isinstance(value, bool | int | float | date) and not isinstance(value, datetime):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def spreadsheet(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An Excel file `name`.xlsx; written row by row, so that long tables need little memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append([cell(title) for title in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
    file = BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=_XLSX)
    return _as_file(response, f"{name}.xlsx")


def comma_separated(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV file `name`.csv, streamed; with a byte order mark, without which Excel garbles Vietnamese."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    return _as_file(response, f"{name}.csv")


def download(kind: str, name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The table as `kind`: "csv", or else Excel."""
    return comma_separated(name, head, rows) if kind == "csv" else spreadsheet(name, head, rows)


class _Echo:
    def write(self, text: str) -> str:
        """What a csv writer writes is handed on."""
        return text


def _lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([cell(title) for title in head]))
    for row in rows:
        yield str(writer.writerow([cell(value.code if isinstance(value, Period) else value) for value in row]))


def _as_file[R: HttpResponseBase](response: R, name: str) -> R:
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response

"""Every table on screen as Excel or CSV; what looks like a formula is neutralised.

Periods stand by their names in Excel, which people read, and by their codes in CSV, which programmes read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook

from hocvuso.base.periods import Period
from hocvuso.base.sheets import safe

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")  # of sheets, as Excel has it
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An Excel file `name`.xlsx; written row by row, so that long tables need little memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_TITLES.sub("-", name)[:31])  # a unit's code may be THCS/01
    sheet.append([safe(title) for title in head])
    for row in rows:
        sheet.append([safe(value) for value in row])
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
    yield "\ufeff" + str(writer.writerow([safe(title) for title in head]))
    for row in rows:
        yield str(writer.writerow([safe(value.code if isinstance(value, Period) else value) for value in row]))


def _as_file[R: HttpResponseBase](response: R, name: str) -> R:
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response

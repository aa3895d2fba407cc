"""Cells: numbers that a spreadsheet holds as numbers, and texts that no spreadsheet may take for a formula."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from .. import numbers
from ..text import clean

_FORMULA = tuple("=+-@\t\r")  # what a spreadsheet would run; goes out behind a quote, which comes off on the way in
_FAR = 2_958_466  # the day after 9999-12-31 in a spreadsheet's count


class NumberCell(str):
    """A number that the file holds as such: its plain form (`1234.5`), which needs no language to be read by."""

    __slots__ = ()


class PercentCell(NumberCell):
    """A number that the file shows in per cent: `61.5`, and no count of anything."""

    __slots__ = ()


class BrokenCell(str):
    """What a spreadsheet could not work out: an error, or a formula that nobody has computed."""

    __slots__ = ()


_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
)


def is_broken(cell: str) -> bool:
    """Whether nothing but an error stands in a cell, which a text file holds as its words."""
    return isinstance(cell, BrokenCell) or cell[:1] == "#" and cell.strip() in _ERRORS


def number(
    cell: str, *, language: str | None = None, whole: bool = False, percent: bool | None = None, field: str = ""
) -> Decimal:
    """The number in a cell: as it is where the file holds one, else as `numbers.read` reads it. Raises NotANumber."""
    if isinstance(cell, PercentCell) and not (not whole if percent is None else percent):
        raise numbers.NotAShare(field=field, value=f"{cell} %", example="1234")
    plain = numbers.PLAIN if isinstance(cell, NumberCell) else language
    return numbers.read(cell, language=plain, whole=whole, percent=percent, field=field)


def quoted(cell: str) -> str:
    """A text that no spreadsheet takes for a formula; `unquoted` gives it back unchanged."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def unquoted(cell: str) -> str:
    """A text without the quote that `quoted` put before it."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_FORMULA) else cell


def safe(value: Any) -> Any:
    """A value as it may stand in a cell: numbers and days as they are, texts never as formulas."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return quoted(clean(str(value), lines=True))


# What the number format of a cell says that its number is.
GENERAL, PERCENT, DAY, MONTH, YEAR, TIME = "general", "percent", "day", "month", "year", "time"
_BUILT_IN = {9: PERCENT, 10: PERCENT, 17: MONTH, **dict.fromkeys([14, 15, 16, 22, *range(27, 37), *range(50, 59)], DAY)}
BUILT_IN = {**_BUILT_IN, **dict.fromkeys([18, 19, 20, 21, 45, 46, 47], TIME)}
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


def kind_of_format(code: str) -> str:
    """What a number format makes of a number: `0.0%` a percentage, `yyyy-mm` a month, `00000` five digits."""
    first = code.partition(";")[0][:200]
    if _ELAPSED.search(first):
        return TIME
    shown = _NOT_CODES.sub("", first).lower()
    if "%" in shown:
        return PERCENT
    if re.fullmatch("0{2,20}", shown):
        return shown
    letters = set(shown) & set("ymdhs")
    if "general" in shown or not letters:
        return GENERAL
    if "d" in letters:
        return DAY
    if "y" in letters:
        return MONTH if "m" in letters else YEAR
    return TIME if letters & {"h", "s"} else DAY


def written(value: float, kind: str, *, since_1904: bool = False) -> str:
    """The text of a number cell by what its format says: `61.5` for a percentage, `2026-10` for a month, `12:00:00`."""
    if kind in (DAY, MONTH, YEAR) and (day := _day(value, since_1904)):
        shown = {DAY: f"{day:%Y-%m-%d}", MONTH: f"{day:%Y-%m}", YEAR: f"{day:%Y}"}[kind]
        return f"{shown} {day:%H:%M:%S}" if kind == DAY and (day.hour or day.minute or day.second) else shown
    if kind == TIME and 0 <= value < _FAR:
        minutes, seconds = divmod(round(value * 86400), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    exact = Decimal(f"{value:.15g}")  # a spreadsheet computes with fifteen digits and stores seventeen
    plain = f"{exact * 100 if kind == PERCENT else exact:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if kind.startswith("0") and plain.isdecimal():
        return plain.zfill(len(kind))
    return (PercentCell if kind == PERCENT else NumberCell)("0" if plain == "-0" else plain)


def _day(value: float, since_1904: bool) -> datetime | None:
    """The moment that a spreadsheet's count of days means; its 29 February 1900 never was."""
    count = value + 1462 if since_1904 else value
    if not 1 <= count < _FAR:
        return None
    first = datetime(1899, 12, 30 if count >= 61 else 31, tzinfo=UTC)
    return first + timedelta(seconds=round(count * 86400))

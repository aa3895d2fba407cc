"""Periods as calendar facts: week (ISO 8601), month, quarter, half-year, year, school year (September to August)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import days
from .text import clean

SCHOOL_YEAR_BEGINS = 9  # September


class PeriodType(models.TextChoices):
    """How long a period is."""

    WEEK = "week", _("tuần")
    MONTH = "month", _("tháng")
    QUARTER = "quarter", _("quý")
    HALF = "half", _("nửa năm")
    YEAR = "year", _("năm")
    SCHOOL_YEAR = "school-year", _("năm học")


_SHAPES = {
    PeriodType.WEEK: re.compile(r"([0-9]{4})-W([0-9]{2})"),
    PeriodType.MONTH: re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    PeriodType.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
    PeriodType.HALF: re.compile(r"([0-9]{4})-H([12])"),
    PeriodType.YEAR: re.compile(r"([0-9]{4})"),
    PeriodType.SCHOOL_YEAR: re.compile(r"([0-9]{4})-S"),
}
_MONTH_NAMES = (
    _("tháng 1"), _("tháng 2"), _("tháng 3"), _("tháng 4"), _("tháng 5"), _("tháng 6"),
    _("tháng 7"), _("tháng 8"), _("tháng 9"), _("tháng 10"), _("tháng 11"), _("tháng 12"),
)  # fmt: skip
_MONTHS = {PeriodType.MONTH: 1, PeriodType.QUARTER: 3, PeriodType.HALF: 6, PeriodType.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """One period by its code: `2026-W37`, `2026-09`, `2026-Q3`, `2026-H2`, `2026`, `2026-S` (school year 2026–2027).

    `first` and `last` are its days, both inside.
    """

    code: str
    type: PeriodType
    first: date
    last: date

    def following(self) -> Period:
        """The next period of the same type."""
        return containing(self.type, self.last + timedelta(days=1))

    def preceding(self) -> Period:
        """The period of the same type before this one."""
        return containing(self.type, self.first - timedelta(days=1))

    def __str__(self) -> str:
        year = self.code[:4]
        match self.type:
            case PeriodType.WEEK:
                return str(_("tuần %(n)s/%(year)s") % {"n": int(self.code[-2:]), "year": year})
            case PeriodType.MONTH:
                return str(_("%(month)s/%(year)s") % {"month": _MONTH_NAMES[int(self.code[-2:]) - 1], "year": year})
            case PeriodType.QUARTER:
                return str(_("quý %(n)s/%(year)s") % {"n": self.code[-1], "year": year})
            case PeriodType.HALF:
                half = _("6 tháng đầu năm %(year)s") if self.code.endswith("1") else _("6 tháng cuối năm %(year)s")
                return str(half % {"year": year})
            case PeriodType.SCHOOL_YEAR:
                return str(_("năm học %(year)s–%(next)s") % {"year": year, "next": int(year) + 1})
        return str(_("năm %(year)s") % {"year": year})


def parse(code: str) -> Period:
    """The period with exactly this code, of the years in which days are read. Raises ValueError."""
    for kind, shape in _SHAPES.items():
        if not (match := shape.fullmatch(code)):
            continue
        year = int(match[1])
        if not days.FIRST.year <= year <= days.LAST.year:
            break
        if kind == PeriodType.WEEK:
            return containing(kind, date.fromisocalendar(year, int(match[2]), 1))
        if kind == PeriodType.SCHOOL_YEAR:
            return containing(kind, date(year, SCHOOL_YEAR_BEGINS, 1))
        number = int(match[2]) if kind != PeriodType.YEAR else 1
        return containing(kind, date(year, (number - 1) * _MONTHS[kind] + 1, 1))
    raise ValueError(f"not a period: {code!r}")


def read(text: str, kind: PeriodType | str = "") -> Period:
    """The period that somebody wrote: its code, in whatever case, with spaces or a break around it.

    Of a known type also by its first day, which is what spreadsheets make of a code. Raises ValueError.
    """
    plain = clean(text).upper()
    if kind and (first := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})( 00:00:00)?", plain)):
        found = containing(kind, date.fromisoformat(first[1]))
        if found.first.isoformat() == first[1]:
            return parse(found.code)
    found = parse(plain)
    if kind and found.type != kind:
        raise ValueError(f"not a {kind}: {text!r}")
    return found


def named(code: str) -> str:
    """The name of a period by its code; what is no code stays as it is."""
    try:
        return str(parse(code))
    except ValueError:
        return code


def containing(kind: PeriodType | str, day: date) -> Period:
    """The period of a type that holds a day."""
    kind = PeriodType(kind)
    if kind == PeriodType.WEEK:
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Period(f"{year}-W{week:02}", kind, first, first + timedelta(days=6))
    if kind == PeriodType.SCHOOL_YEAR:
        year = day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
        last = date(year + 1, SCHOOL_YEAR_BEGINS, 1) - timedelta(days=1)
        return Period(f"{year}-S", kind, date(year, SCHOOL_YEAR_BEGINS, 1), last)
    months = _MONTHS[kind]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    last = _add_months(first, months) - timedelta(days=1)
    codes = {
        PeriodType.MONTH: f"{day.year}-{day.month:02}",
        PeriodType.QUARTER: f"{day.year}-Q{number + 1}",
        PeriodType.HALF: f"{day.year}-H{number + 1}",
        PeriodType.YEAR: f"{day.year}",
    }
    return Period(codes[kind], kind, first, last)


def _add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def between(kind: PeriodType | str, first: date, last: date) -> list[Period]:
    """All periods of a type that touch the days from `first` to `last`."""
    found = [containing(kind, first)]
    while found[-1].last < last:
        found.append(found[-1].following())
    return found

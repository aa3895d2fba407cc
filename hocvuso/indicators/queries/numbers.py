"""What measures counted in scopes and periods: sums of totals of months, and of cells for the days beside them."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, FloatField, Q, Sum, Value, When

from ..models import Cell, Total
from ..rules import Measure, scopes_of
from .scopes import cells_in

FEW = 40  # scopes up to which a test by prefix is cheaper than reading every cell of the days

type Numbers = dict[tuple[str, str, str], float]


@dataclass(frozen=True)
class Span:
    """Days to sum over, under a code; `first` None: from the beginning."""

    code: str
    first: date | None
    last: date


def numbers(measures: Collection[Measure], scopes: Collection[str], spans: Collection[Span]) -> Numbers:
    """(measure, scope, code of span) → value; what is missing is 0. At most four queries, however many there are.

    A stock is summed from the beginning to the end of the span, a flow within it.
    """
    found: Numbers = defaultdict(float)
    wanted = set(scopes)
    for kind in ("flow", "stock"):
        of_kind = [m for m in measures if m.kind == kind]
        ranges = {s.code: _split(None if kind == "stock" else s.first, s.last) for s in spans}
        months = {code: r[0] for code, r in ranges.items() if r[0]}
        days = {code: r[1] for code, r in ranges.items() if r[1]}
        if of_kind and wanted and months:
            _add_months(found, of_kind, wanted, months)
        if of_kind and wanted and days:
            _add_days(found, of_kind, wanted, days)
    return found


type Range = tuple[date | None, date]


def _split(first: date | None, last: date) -> tuple[Range | None, Range | None]:
    """(whole months, days beside them). Periods of months are whole; of weeks, a flow is days, a stock has both."""
    whole_end = last if last.day == monthrange(last.year, last.month)[1] else last.replace(day=1) - timedelta(days=1)
    if first is None:
        return (None, whole_end), None if whole_end == last else (whole_end + timedelta(days=1), last)
    if first.day == 1 and whole_end == last:
        return (first, last), None
    return None, (first, last)


def _columns(field: str, ranges: dict[str, Range]) -> dict[str, Any]:
    """One column of sums for each range."""
    return {
        f"n{number}": Sum(
            Case(When(_between(field, reach), then=F("value")), default=Value(0.0)), output_field=FloatField()
        )
        for number, reach in enumerate(ranges.values())
    }


def _between(field: str, reach: Range) -> Q:
    first, last = reach
    test = Q(**{f"{field}__lte": last})
    return test if first is None else test & Q(**{f"{field}__gte": first})


def _hull(field: str, ranges: dict[str, Range]) -> Q:
    """All that any of the ranges needs."""
    firsts = [first for first, _last in ranges.values()]
    last = max(last for _first, last in ranges.values())
    known = [first for first in firsts if first is not None]
    return _between(field, (min(known) if len(known) == len(firsts) else None, last))


def _of(measures: Iterable[Measure]) -> Q:
    test = Q(pk__in=[])
    for m in measures:
        test |= Q(measure=m.name, version=m.version)
    return test


def _add_months(found: Numbers, measures: list[Measure], scopes: set[str], ranges: dict[str, Range]) -> None:
    rows = Total.objects.filter(_of(measures), _hull("month", ranges), scope__in=scopes)
    for name, scope, *values in rows.order_by().values_list("measure", "scope").annotate(**_columns("month", ranges)):
        for code, value in zip(ranges, values, strict=True):
            found[name, scope, code] += value


def _add_days(found: Numbers, measures: list[Measure], scopes: set[str], ranges: dict[str, Range]) -> None:
    rows = Cell.objects.filter(_of(measures), _hull("day", ranges))
    if len(scopes) <= FEW and "a" not in scopes:
        inside = Q(pk__in=[])
        for scope in scopes:
            inside |= cells_in(scope)
        rows = rows.filter(inside)
    grouped = rows.order_by().values_list("measure", "area", "unit_path").annotate(**_columns("day", ranges))
    for name, area, unit_path, *values in grouped:
        for scope in scopes.intersection(scopes_of(area, unit_path)):
            for code, value in zip(ranges, values, strict=True):
                found[name, scope, code] += value

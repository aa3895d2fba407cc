"""A figure taken apart: by place, unit, dimension or shorter periods. The parts always make the whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from hocvuso.base import periods as calendar
from hocvuso.base.periods import Period, PeriodType
from hocvuso.units.models import Unit

from ..models import Cell, Indicator
from ..rules import REGISTER, Counted, Measure, withheld_parts
from .figures import definitions
from .numbers import Span, numbers
from .scopes import cells_in, child_places, children_that_part, people_may_be_shown, scopes_of_units, special_difficulty

DIMENSIONS = ("audience", "sex", "age_band", "ethnicity")
WAYS = ("unit", "place", *DIMENSIONS, "difficulty", "period")
UNKNOWN = ""


@dataclass(frozen=True)
class Part:
    """One part of a figure. `key` empty: not known, or what lies beside the named parts."""

    key: str
    value: float
    label: str = ""
    unit_id: UUID | None = None
    withheld: bool = False


@dataclass(frozen=True)
class Breakdown:
    """The parts of what a measure counted at a unit in a period."""

    measure: Measure
    parts: list[Part]
    whole: float


def measures_in(indicator: Indicator) -> list[Measure]:
    """The measures that an indicator is computed from, what it counts first: of a ratio, the numerator's."""
    book = definitions([indicator.key], [indicator])
    names: list[str] = []
    ahead = [indicator.key]
    while ahead:
        found = book.get(ahead.pop(0))
        if found is None:
            continue
        definition = found.definition
        names += [name for name in [definition.get("measure", "")] if name in REGISTER and name not in names]
        ahead += [k for k in [definition.get("numerator"), definition.get("denominator")] if k]
        ahead += [key for _weight, key in definition.get("terms", [])]
    return [REGISTER[name] for name in names]


def breakdown(*, indicator: Indicator, unit: Unit, period: Period, by: str, viewer: Any = None) -> Breakdown | None:
    """The figure's (first) measure by `by`, one of WAYS; None when nothing of it is measured.

    Small counts of people, and what would tell them, are withheld from whoever's reach does not contain the unit.
    """
    measures = measures_in(indicator)
    if not measures:
        return None
    measure = measures[0]
    scope = scopes_of_units([unit])[unit.pk]
    span = Span("", None if measure.kind == "stock" else period.first, period.last)
    whole = numbers([measure], [scope], [Span("", period.first, period.last)])[measure.name, scope, ""]
    parts = _parts(measure, unit, scope, span, period, by)
    if measure.measured_in == Counted.PEOPLE and not people_may_be_shown(viewer, unit):
        parts = _protected(parts)
    return Breakdown(measure, parts, whole)


def _protected(parts: list[Part]) -> list[Part]:
    hidden = withheld_parts([p.value for p in parts])
    return [Part(p.key, 0, p.label, p.unit_id, withheld=True) if n in hidden else p for n, p in enumerate(parts)]


def _parts(measure: Measure, unit: Unit, scope: str, span: Span, period: Period, by: str) -> list[Part]:
    match by:
        case "unit":
            children = children_that_part(unit, scope)
            named = [Part(child.code, 0, child.name, child.pk) for child, _scope in children]
            return _beside(measure, scope, span, named, [its for _child, its in children])
        case "place":
            places = child_places(scope)
            return _beside(measure, scope, span, [Part(p.code, 0, p.name) for p, _s in places], [s for _p, s in places])
        case "period":
            return _by_period(measure, scope, period)
        case "difficulty":
            return _by_difficulty(measure, scope, span)
    if by not in DIMENSIONS:
        raise ValueError(f"not a way to take a figure apart: {by}")
    return _tidy(dict(_cells(measure, scope, span).values_list(by).annotate(total=Sum("value"))))


def _cells(measure: Measure, scope: str, span: Span) -> Any:
    days = Q(day__lte=span.last) if span.first is None else Q(day__range=(span.first, span.last))
    return Cell.objects.filter(cells_in(scope), days, measure=measure.name, version=measure.version).order_by()


def _tidy(totals: dict[str, float]) -> list[Part]:
    """Parts with something in them, the largest first, what is not known last."""
    rows = sorted(
        ((key, value) for key, value in totals.items() if value), key=lambda r: (r[0] == UNKNOWN, -r[1], r[0])
    )
    return [Part(key, value) for key, value in rows]


def _beside(measure: Measure, scope: str, span: Span, named: list[Part], scopes: list[str]) -> list[Part]:
    """Named parts with their values, and what lies in none of them."""
    spans = [Span("", span.first or span.last, span.last)]
    found = numbers([measure], [scope, *scopes], spans)
    parts = [
        Part(p.key, found[measure.name, its, ""], p.label, p.unit_id) for p, its in zip(named, scopes, strict=True)
    ]
    rest = found[measure.name, scope, ""] - sum(p.value for p in parts)
    return parts + ([Part(UNKNOWN, rest)] if abs(rest) > 1e-6 else [])


def _by_difficulty(measure: Measure, scope: str, span: Span) -> list[Part]:
    by_area = dict(_cells(measure, scope, span).values_list("area").annotate(total=Sum("value")))
    marks = special_difficulty(by_area)
    totals: dict[str, float] = defaultdict(float)
    for area, value in by_area.items():
        totals[marks.get(area, UNKNOWN)] += value
    return _tidy(totals)


def _by_period(measure: Measure, scope: str, period: Period) -> list[Part]:
    """What each shorter period brought; of a stock, also what was there before."""
    spans = _shorter(period)
    parts = []
    if measure.kind == "stock":
        days = _cells(measure, scope, Span("", None, period.last))
        before = days.filter(day__lt=period.first).aggregate(total=Sum("value"))["total"] or 0.0
        parts = [Part(UNKNOWN, before)] if before else []
    by_day = dict(
        _cells(measure, scope, Span("", period.first, period.last)).values_list("day").annotate(total=Sum("value"))
    )
    parts += [Part(s.code, sum(v for d, v in by_day.items() if (s.first or d) <= d <= s.last)) for s in spans]
    return parts


def _shorter(period: Period) -> list[Span]:
    if period.type in (PeriodType.MONTH, PeriodType.WEEK):
        days = [date.fromordinal(n) for n in range(period.first.toordinal(), period.last.toordinal() + 1)]
        return [Span(d.isoformat(), d, d) for d in days]
    months = calendar.between(PeriodType.MONTH, period.first, period.last)
    return [Span(m.code, m.first, m.last) for m in months]

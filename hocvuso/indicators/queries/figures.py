"""Figures: any indicators × units × periods, in a number of queries that does not depend on how many there are."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from hocvuso.base import periods as calendar
from hocvuso.base.periods import Period
from hocvuso.units.models import Unit

from ..models import Indicator, Value
from ..rules import REGISTER, Counted, is_small, needs
from .numbers import Numbers, Span, numbers
from .populations import Populations, populations
from .scopes import people_may_be_shown, scopes_of_units

PEOPLE = "người"  # what a declared indicator is measured in when it counts people
FEW_UNITS = 50  # up to which declared values are looked for under each unit's path; beyond, all are read

type Key = tuple[str, UUID, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: an indicator at a unit in a period.

    `kind` m: measured by the platform; d: declared by units; None as `value` means that nobody said. `declared` is what
    the unit declared beside a measured figure. `withheld`: so few people that it may point at somebody.
    """

    indicator: str
    unit_id: UUID
    period: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    kind: str = "m"
    withheld: bool = False
    declared: float | None = None
    version: int = 1
    people: bool = field(default=False, repr=False)


def shown(figure: Figure | None) -> float | None:
    """The value, unless it is withheld or missing."""
    return None if figure is None or figure.withheld else figure.value


def figures(
    *,
    indicators: Iterable[Indicator | str],
    units: Iterable[Unit],
    periods: Iterable[Period | str],
    viewer: Any = None,
    silent: bool = True,
) -> dict[Key, Figure]:
    """(indicator key, unit id, period code) → Figure, for every combination; unknown keys are left out, and where not
    `silent` the units of which nothing was counted or declared in these periods.

    `viewer`: small counts of people are withheld from whoever's reach does not contain the unit. None is for computing
    (indices, reports); what is shown to people must be asked for with the person, or AnonymousUser for the public.
    """
    chosen_units = list(units)
    chosen_periods = [calendar.parse(p) if isinstance(p, str) else p for p in periods]
    asked = [i if isinstance(i, str) else i.key for i in indicators]
    book = definitions(asked, [i for i in indicators if isinstance(i, Indicator)])
    sheet = _Sheet(book, chosen_units, chosen_periods)
    found = {}
    for unit in chosen_units if silent else sheet.heard(chosen_units):
        open_to = people_may_be_shown(viewer, unit)
        for period in chosen_periods:
            for key in asked:
                if key in book:
                    figure = sheet.figure(key, unit, period)
                    found[key, unit.pk, period.code] = figure if open_to else protected(figure)
    return found


def definitions(keys: Iterable[str], given: Iterable[Indicator] = ()) -> dict[str, Indicator]:
    """The current definitions of some keys and of all that they are computed from. One query."""
    current = {i.key: i for i in Indicator.objects.current()} | {i.key: i for i in given}
    found: dict[str, Indicator] = {}
    ahead = list(keys)
    while ahead:
        key = ahead.pop()
        if key in current and key not in found:
            found[key] = current[key]
            ahead += needs(current[key].definition)
    return found


def protected(figure: Figure) -> Figure:
    """The figure as it may be shown to anybody: counts of few people, and shares of few people, are withheld."""
    told = figure.numerator if figure.numerator is not None else figure.value
    if figure.people and is_small(told):
        return replace(figure, value=None, numerator=None, denominator=None, declared=None, withheld=True)
    return figure


class _Computed(NamedTuple):
    """What the platform makes of its own numbers: the value, what it was divided of and by, whether it is of people."""

    value: float | None
    top: float | None = None
    under: float | None = None
    people: bool = False


class _Sheet:
    """All that is needed for a set of figures, read at once; then each figure is arithmetic."""

    def __init__(self, book: Mapping[str, Indicator], units: list[Unit], periods: list[Period]) -> None:
        self.book = book
        self.scopes = scopes_of_units(units)
        self.numbers = self._numbers(periods)
        self.populations = self._populations(units, periods)
        self.declared = _declared(book, units, periods)
        self.done: dict[Key, Figure] = {}

    def _numbers(self, periods: list[Period]) -> Numbers:
        names = {i.definition.get("measure", "") for i in self.book.values() if i.kind == Indicator.Kind.MEASURE}
        measures = [REGISTER[name] for name in names if name in REGISTER]
        return numbers(measures, set(self.scopes.values()), [Span(p.code, p.first, p.last) for p in periods])

    def _populations(self, units: list[Unit], periods: list[Period]) -> Populations:
        groups = {i.definition["population"] for i in self.book.values() if i.definition.get("population")}
        return populations(groups, units, {p.code: p.last for p in periods})

    def heard(self, units: list[Unit]) -> list[Unit]:
        """The units of which there is a number or a declared value."""
        scopes = {scope for _measure, scope, _period in self.numbers}
        declaring = {unit_id for _key, unit_id, _period in self.declared}
        return [unit for unit in units if unit.id in declaring or self.scopes[unit.id] in scopes]

    def figure(self, key: str, unit: Unit, period: Period) -> Figure:
        """One figure, remembered."""
        at = (key, unit.id, period.code)
        if (found := self.done.get(at)) is None:
            found = self.done[at] = self._figure(at, self.book[key], unit, period)
        return found

    def _figure(self, at: Key, indicator: Indicator, unit: Unit, period: Period) -> Figure:
        declared = self.declared.get(at)
        if indicator.kind == Indicator.Kind.DECLARED:
            people = indicator.measured_in == PEOPLE
            return Figure(*at, declared, kind="d", declared=declared, version=indicator.version, people=people)
        made = self._computed(indicator, unit, period)
        return Figure(
            *at, made.value, made.top, made.under, declared=declared, version=indicator.version, people=made.people
        )

    def _computed(self, indicator: Indicator, unit: Unit, period: Period) -> _Computed:
        match indicator.kind:
            case Indicator.Kind.MEASURE:
                measure = REGISTER.get(indicator.definition.get("measure", ""))
                if measure is None:
                    return _Computed(None)
                value = self.numbers.get((measure.name, self.scopes[unit.id], period.code), 0.0)
                return _Computed(value, people=measure.measured_in == Counted.PEOPLE)
            case Indicator.Kind.RATIO:
                return self._ratio(indicator.definition, unit, period)
        terms = [(w, self._part(key, unit, period)) for w, key in indicator.definition.get("terms", [])]
        known: list[float] = [w * part.value for w, part in terms if part is not None and part.value is not None]
        total = sum(known) if known and len(known) == len(terms) else None
        return _Computed(total, people=any(part.people for _w, part in terms if part))

    def _part(self, key: str, unit: Unit, period: Period) -> Figure | None:
        return self.figure(key, unit, period) if key in self.book else None

    def _ratio(self, definition: dict[str, Any], unit: Unit, period: Period) -> _Computed:
        over = self._part(definition.get("numerator", ""), unit, period)
        under: float | None
        if group := definition.get("population"):
            under = self.populations.get((unit.id, group, period.code))
        else:
            below = self._part(definition.get("denominator", ""), unit, period)
            under = below.value if below else None
        top = over.value if over else None
        value = top * definition.get("factor", 1) / under if top is not None and under else None
        return _Computed(value, top, under, people=over.people if over else False)


def _declared(book: Mapping[str, Indicator], units: list[Unit], periods: list[Period]) -> dict[Key, float]:
    """What units declared; where the definition sums and a unit said nothing itself, the sum of what is beneath it."""
    summed = {key for key, i in book.items() if i.definition.get("aggregate") == "sum"}
    inside = Q(unit__in=units)
    if summed and len(units) <= FEW_UNITS:
        for unit in units:
            inside |= Q(unit__path__startswith=unit.path, indicator__key__in=summed)
    values = Value.objects.filter(
        inside if not summed or len(units) <= FEW_UNITS else Q(),
        kind=Value.Kind.DECLARED,
        indicator__key__in=list(book),
        period__in=[p.code for p in periods],
    ).order_by("indicator__version")
    said: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for key, path, code, number in values.values_list("indicator__key", "unit__path", "period", "value"):
        if isinstance(number, float | int) and isfinite(number):  # what was written past the checks is no value
            said[key, code][path] = number  # the latest version of the definition comes last
    found: dict[Key, float] = {}
    for (key, code), by_path in said.items():
        ordered = sorted(by_path)
        for unit in units:
            told = _said_at(unit.path, by_path, ordered if key in summed else [])
            if told is not None:
                found[key, unit.pk, code] = told
    return found


def _said_at(path: str, by_path: dict[str, float], ordered: list[str]) -> float | None:
    """A unit's own word, else the sum of the highest words beneath it, so that nothing is counted twice."""
    if path in by_path:
        return by_path[path]
    highest: list[str] = []
    for below in islice(ordered, bisect_left(ordered, path), None):
        if not below.startswith(path):
            break
        if not (highest and below.startswith(highest[-1])):
            highest.append(below)
    return sum(by_path[p] for p in highest) if highest else None

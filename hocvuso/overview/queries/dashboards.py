"""What a dashboard shows, as typed rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from hocvuso.base.periods import Period
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.queries import Figure, current_indicators, figures, shown, targets_of
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan
from hocvuso.plans.queries import planning
from hocvuso.plans.rules import TaskState
from hocvuso.reports import queries as reporting
from hocvuso.reports.models import Report
from hocvuso.reports.rules import Rates
from hocvuso.units.models import Unit

HEADLINES = ("learners", "lessons-done", "learning-minutes", "people-passed", "certificates", "learners-share")
TREND = 12  # periods of a trend
PARTS = (Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.SCHOOL, Unit.Kind.DEPARTMENT)


@dataclass(frozen=True)
class Card:
    """One headline figure with its target and the way it came."""

    indicator: Indicator
    figure: Figure | None
    target: float | None
    before: float | None
    series: list[tuple[Period, Figure | None]] = field(repr=False, default_factory=list)


@dataclass(frozen=True)
class Rung:
    """One unit on the ladder."""

    unit: Unit
    figure: Figure | None
    target: float | None
    rates: Rates | None
    flags: int
    place: int | None


def cards(unit: Unit, period: Period, viewer: Person) -> list[Card]:
    """Headline figures of a unit over the last periods. A fixed number of queries."""
    book = {i.key: i for i in current_indicators() if i.key in HEADLINES}
    chosen = [book[key] for key in HEADLINES if key in book]
    line = [period]
    while len(line) < TREND:
        line.insert(0, line[0].preceding())
    found = figures(indicators=chosen, units=[unit], periods=line, viewer=viewer)
    targets = targets_of([unit], [period.code])
    return [_card(i, unit, line, found, targets) for i in chosen]


def _card(indicator: Indicator, unit: Unit, line: list[Period], found: Any, targets: Any) -> Card:
    series = [(p, found.get((indicator.key, unit.pk, p.code))) for p in line]
    target = targets.get((indicator.key, unit.pk, line[-1].code))
    values = [shown(figure) for _period, figure in series]
    before = values[-2] if len(values) > 1 else None
    return Card(indicator, series[-1][1], target.value if target else None, before, series)


def parts_of(unit: Unit) -> list[Unit]:
    """The units that a dashboard compares: children of one kind, the first kind of PARTS that there is."""
    children = list(unit.children.filter(closed_on=None).select_related("place"))
    for kind in PARTS:
        if same := [child for child in children if child.kind == kind]:
            return same
    return []


def ladder(units: Sequence[Unit], indicator: Indicator, period: Period, viewer: Person) -> list[Rung]:
    """Units from first to last by one indicator; without a value they come last. Equal values share a place."""
    found = figures(indicators=[indicator], units=units, periods=[period], viewer=viewer)
    targets = targets_of(units, [period.code])
    rates = reporting.rates_by_unit(units=units, period=period, today=timezone.localdate())
    flags = _flags_by_unit(units)
    values = {u.pk: shown(found.get((indicator.key, u.pk, period.code))) for u in units}
    better = 1 if indicator.higher_is_better else -1
    known = [v * better for v in values.values() if v is not None]
    rungs = []
    for unit in units:
        value, target = values[unit.pk], targets.get((indicator.key, unit.pk, period.code))
        place = None if value is None else 1 + sum(k > value * better for k in known)
        figure = found.get((indicator.key, unit.pk, period.code))
        goal = target.value if target else None
        rungs.append(Rung(unit, figure, goal, rates.get(unit.pk), flags.get(unit.pk, 0), place))
    return sorted(rungs, key=lambda r: (r.place is None, r.place, r.unit.path))


def _flags_by_unit(units: Sequence[Unit]) -> dict[UUID, int]:
    """Open flags at each unit or beneath it."""
    if not units:
        return {}
    paths = list(Flag.objects.filter(state=Flag.State.OPEN).values_list("unit__path", flat=True))
    return {u.pk: sum(path.startswith(u.path) for path in paths) for u in units}


@dataclass(frozen=True)
class Alerts:
    """What asks for attention in a unit's subtree."""

    late_tasks: int
    at_risk: int
    late_reports: int
    flags: int
    states: dict[TaskState, int]
    plans_agreed: int
    plans: int
    rates: Rates


def alerts(unit: Unit, person: Person, period: Period, today: date) -> Alerts:
    """Late and endangered tasks, overdue reports, open flags, in a unit's subtree: as the lists behind them count."""
    states = planning.states_of(planning.tasks(person, planning.Filter(unit=unit)), today)
    # Of a unit in reach and those beneath it every plan may be seen: no need to look for tasks given by others.
    in_reach = Unit.objects.under(unit) & units_in_reach(person, May.SEE_FIGURES)
    plans = planning.roll_up(Plan.objects.real().filter(unit__in=in_reach), today)
    reports = Report.objects.filter(unit__path__startswith=unit.path)
    return Alerts(
        late_tasks=states.get(TaskState.LATE, 0),
        at_risk=states.get(TaskState.AT_RISK, 0),
        late_reports=reports.overdue(today).count(),
        flags=Flag.objects.filter(state=Flag.State.OPEN, unit__path__startswith=unit.path).count(),
        states=states,
        plans_agreed=plans.agreed,
        plans=plans.total,
        rates=reporting.rates_of(reports.filter(period=period.code), today),
    )

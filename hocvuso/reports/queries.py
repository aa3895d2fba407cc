"""Questions about reports: lists, rates, sums of a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from hocvuso.base.periods import Period, parse
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.queries.planning import own_units
from hocvuso.units.models import Unit

from .models import FigureMessage, FigureThread, Regime, Report, ReportFigure, Review
from .rules import OWED, TAKEN, Part, Rates, ReportState, Total, adds, aggregate, factor_of


@dataclass(frozen=True)
class Abilities:
    """What a person may do with one report now."""

    write: bool
    decide: bool
    ask: bool
    settle: bool
    own_hand: bool

    @property
    def desk(self) -> bool:
        return self.write


def abilities(person: Person, report: Report) -> Abilities:
    """What a person may do with a report; the verbs decide again."""
    above = may(person, May.ACCEPT_REPORT, report.unit.parent or report.unit)
    mine = may(person, May.REPORT, report.unit)
    own = str(person.pk) in report.writers or report.submitted_by_id == person.pk
    return Abilities(
        write=mine and report.state in OWED,
        decide=above and report.state == ReportState.SUBMITTED and not own,
        ask=above or mine,
        settle=above,
        own_hand=own,
    )


def _counts(today: date) -> dict[str, Count]:
    """The counts that rates are made of."""
    return {
        "expected": Count("pk"),
        "submitted": Count("pk", filter=Q(late_days__isnull=False)),
        "on_time": Count("pk", filter=Q(late_days=0)),
        "accepted": Count("pk", filter=Q(state__in=TAKEN)),
        "due": Count("pk", filter=Q(late_days__isnull=False) | Q(due_on__lt=today)),
    }


def rates_of(reports: QuerySet[Report], today: date) -> Rates:
    """Completeness and timeliness of a set of reports, counted by the database."""
    return Rates(**reports.aggregate(**_counts(today)))


@dataclass(frozen=True)
class PeriodRow:
    """One period of a regime with its rates."""

    period: Period
    due_on: date
    rates: Rates
    late: int


def periods_of(regime: Regime, reports: QuerySet[Report], today: date) -> list[PeriodRow]:
    """The periods of a regime that have reports among `reports`, latest first."""
    rows: QuerySet[Report, Any] = (
        reports.filter(regime=regime)
        .order_by()
        .values("period", "due_on")
        .annotate(
            **_counts(today),
            late=Count("pk", filter=Q(late_days__gt=0) | Q(late_days=None, due_on__lt=today)),
        )
    )
    made = [
        PeriodRow(
            parse(row["period"]),
            row["due_on"],
            Rates(row["expected"], row["submitted"], row["on_time"], row["accepted"], row["due"]),
            row["late"],
        )
        for row in rows
    ]
    return sorted(made, key=lambda row: row.period.first, reverse=True)


def rates_by_unit(*, units: Iterable[Unit], period: Period, today: date) -> dict[UUID, Rates]:
    """Rates of each unit with all beneath it, for the reports of a period."""
    rows = list(Report.objects.filter(period=period.code).values_list("unit__path", "state", "late_days", "due_on"))
    made = {}
    for unit in units:
        mine = [row for row in rows if row[0].startswith(unit.path)]
        sent = [late for _path, _state, late, _due in mine if late is not None]
        made[unit.pk] = Rates(
            expected=len(mine),
            submitted=len(sent),
            on_time=sum(late == 0 for late in sent),
            accepted=sum(state in TAKEN for _path, state, _late, _due in mine),
            due=sum(late is not None or due < today for _path, _state, late, due in mine),
        )
    return made


@dataclass(frozen=True)
class SummedFigure:
    """One indicator over the reports taken in: the sum, how many counted, how many are missing."""

    indicator: Indicator
    total: Total


def top_reports(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Of a set, those whose parent is not in it: what is beneath them is summed in them already."""
    return reports.exclude(parent__in=reports.values("pk"))


def leaf_reports(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Of a set, those with no report beneath them."""
    return reports.filter(children=None)


def sums(reports: QuerySet[Report], keys: Iterable[str]) -> list[SummedFigure]:
    """Sum the reports taken in among `reports` (siblings, or leaves: no one beneath another)."""
    order = {key: n for n, key in enumerate(keys)}
    expected = reports.count()
    theirs: dict[str, list[Part]] = {}
    rows = ReportFigure.objects.filter(report__in=reports.filter(state__in=TAKEN).values("pk"))
    for key, *numbers in rows.values_list("indicator__key", "value", "numerator", "denominator").iterator(5000):
        theirs.setdefault(key, []).append(Part(*numbers))
    made = []
    for indicator in sorted(Indicator.objects.current().filter(key__in=order), key=lambda i: order[i.key]):
        parts: list[Part | None] = list(theirs.get(indicator.key, []))
        parts += [None] * (expected - len(parts))
        how = adds(indicator.kind, indicator.measured_in, indicator.definition)
        factor = factor_of(indicator.definition, indicator.measured_in)
        made.append(SummedFigure(indicator, aggregate(how, parts, factor=factor)))
    return made


def missing_children(report: Report) -> QuerySet[Report]:
    """Reports beneath that were not taken in: with their units, the latest movers last."""
    return report.children.exclude(state__in=TAKEN).select_related("unit").order_by("unit__path")


def uncounted_children(report: Report) -> int:
    """Reports beneath taken in after the last sum: they came late, and a new sum would count them."""
    return report.children.filter(state=ReportState.ACCEPTED).count() if report.summed_at else 0


def matrix(reports: QuerySet[Report], indicators: list[Indicator]) -> Iterator[list[Any]]:
    """One row a report for a spreadsheet: unit, state, due day, lateness, then a column for each indicator."""
    keys = [indicator.key for indicator in indicators]
    rows = reports.select_related("unit", "unit__parent").order_by("unit__path")
    figures: dict[UUID, dict[str, float | None]] = {}
    shown = ReportFigure.objects.filter(report__in=rows.values("pk"))
    for report_id, key, value in shown.values_list("report_id", "indicator__key", "value").iterator(5000):
        figures.setdefault(report_id, {})[key] = value
    for report in rows.iterator(1000):
        mine = figures.get(report.pk, {})
        head = [report.unit.code, report.unit.name, report.unit.parent, report.period_shown, report.get_state_display()]
        yield [*head, report.due_on, report.submitted_at, report.late_days, *(mine.get(key) for key in keys)]


def open_threads(person: Person) -> QuerySet[FigureThread]:
    """Questions not yet resolved in which it is the person's turn.

    They are of units where the person works, or of units directly beneath, or the person's own; and somebody else
    spoke last.
    """
    own = own_units(person)
    theirs = Q(figure__report__unit__in=own) | Q(figure__report__unit__parent__in=own) | Q(by=person)
    last = FigureMessage.objects.filter(thread=OuterRef("pk")).order_by("-created_at", "-pk").values("by")[:1]
    found = FigureThread.objects.filter(theirs, resolved_at=None, figure__report__in=Report.objects.visible_to(person))
    return (
        found.annotate(last_by=Subquery(last))
        .exclude(last_by=person.pk)
        .select_related("figure__indicator", "figure__report__unit", "figure__report__regime", "by")
    )


def reviews_awaiting(person: Person) -> list[Review]:
    """Reviews submitted for the person's decision, that the person neither wrote nor handed in."""
    found = Review.objects.filter(
        state=Review.State.SUBMITTED, plan__unit__in=units_in_reach(person, May.APPROVE_PLAN)
    ).exclude(submitted_by=person)
    return [review for review in found.select_related("plan__unit") if str(person.pk) not in review.writers]


def by_urgency(reports: QuerySet[Report]) -> QuerySet[Report]:
    """What is on a desk first, by due day; what is done after it, latest first."""
    owed = Case(When(state__in=OWED, then=Value(0)), default=Value(1))
    return reports.annotate(_owed=owed).order_by("_owed", F("due_on").asc(), "unit__path")

"""What a commune has to do and how its residents learn, on one page; and the morning brief in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hocvuso.base import periods
from hocvuso.helpdesk.queries import Waiting, waiting_at
from hocvuso.indicators.models import Indicator, Value
from hocvuso.indicators.queries import Figure, current_indicators, figures
from hocvuso.people.models import Person
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.rules import TaskState
from hocvuso.reports.models import Report
from hocvuso.resources.queries import AtCommune, pledges_near
from hocvuso.units.models import Unit

LEARNING = ("learners", "lessons-done", "learning-minutes", "people-passed")
SHOWN = 10
OWED_STATES = ("open", "drafted", "returned")


@dataclass(frozen=True)
class Workspace:
    """Everything on the page of one commune."""

    unit: Unit
    tasks: Sequence[tuple[Task, TaskState]]
    plans: Sequence[Plan]
    reports: Sequence[Report]
    owed: Sequence[tuple[Indicator, str]]
    learning: Sequence[tuple[Indicator, Figure, Figure]]
    week: periods.Period
    requests: Waiting
    may_help: bool
    pledges: AtCommune
    teams: Sequence[Unit]
    brief: Sequence[str]


def communes_in_reach(person: Person) -> QuerySet[Unit]:
    """People's committees of communes whose figures the person sees."""
    return units_in_reach(person, May.SEE_FIGURES).filter(kind=Unit.Kind.COMMUNE_COMMITTEE).order_by("path")


def workspace(unit: Unit, person: Person, today: date) -> Workspace:
    """The page of a commune. A fixed number of queries."""
    found = (
        Task.objects.filter(lead_unit=unit, done_on=None, plan__in=Plan.objects.visible_to(person))
        .with_state(today)
        .select_related("plan")
        .order_by(F("due_on").asc(nulls_last=True))[:SHOWN]
    )
    tasks = [(task, task.state_on(today)) for task in found]
    plans = list(Plan.objects.filter(unit=unit, state__in=["draft", "returned"]).order_by("ends_on")[:SHOWN])
    reports = list(
        Report.objects.filter(unit=unit, state__in=OWED_STATES).select_related("regime").order_by("due_on")[:SHOWN]
    )
    owed = figures_owed(unit, today)
    requests = waiting_at(unit, today, show=SHOWN)
    week = periods.containing(periods.PeriodType.WEEK, today)
    return Workspace(
        unit=unit,
        tasks=tasks,
        plans=plans,
        reports=reports,
        owed=owed,
        learning=_learning(unit, week, person),
        week=week,
        requests=requests,
        may_help=may(person, May.HELP, unit),
        pledges=pledges_near(unit, today, show=SHOWN),
        teams=list(unit.children.filter(kind=Unit.Kind.DIGITAL_TEAM, closed_on=None)[:SHOWN]),
        brief=morning_brief(tasks, reports, owed, requests, today),
    )


def figures_owed(unit: Unit, today: date) -> list[tuple[Indicator, str]]:
    """Declared indicators that this unit has said before, and not yet for the period that ended last."""
    said = Value.objects.filter(unit=unit, kind=Value.Kind.DECLARED).values_list("indicator__key", "period")
    by_key: dict[str, set[str]] = {}
    for key, period in said:
        by_key.setdefault(key, set()).add(period)
    owed = []
    for indicator in current_indicators().filter(kind=Indicator.Kind.DECLARED, key__in=by_key):
        last = periods.containing(indicator.period_type, today).preceding()
        if last.code not in by_key[indicator.key]:
            owed.append((indicator, last.code))
    return owed


def _learning(unit: Unit, week: periods.Period, person: Person) -> list[tuple[Indicator, Figure, Figure]]:
    """This week beside the week before."""
    book = {i.key: i for i in current_indicators().filter(key__in=LEARNING)}
    chosen = [book[key] for key in LEARNING if key in book]
    before = week.preceding()
    found = figures(indicators=chosen, units=[unit], periods=[before, week], viewer=person)
    return [(i, found[i.key, unit.pk, week.code], found[i.key, unit.pk, before.code]) for i in chosen]


def morning_brief(
    tasks: Sequence[Any], reports: Sequence[Any], owed: Sequence[Any], requests: Waiting, today: date
) -> list[str]:
    """What matters this morning, the most pressing first, in whole sentences; nothing is said of nothing."""
    late = sum(state == TaskState.LATE for _task, state in tasks)
    soon = sum(t.due_on is not None and today <= t.due_on <= today + timedelta(days=3) for t, _state in tasks)
    overdue = sum(r.due_on < today for r in reports)
    due = sum(today <= r.due_on <= today + timedelta(days=3) for r in reports)
    counted = [
        (_("Nhiệm vụ đã quá hạn: %(n)s."), late),
        (_("Báo cáo đã quá hạn nộp: %(n)s."), overdue),
        (_("Yêu cầu của người dân đã quá hẹn: %(n)s."), requests.late),
        (_("Người dân đang chờ có người nhận giúp: %(n)s."), requests.unanswered),
        (_("Nhiệm vụ đến hạn trong ba ngày tới: %(n)s."), soon),
        (_("Báo cáo phải nộp trong ba ngày tới: %(n)s."), due),
        (_("Số liệu của kỳ trước chưa khai: %(n)s."), len(owed)),
    ]
    return [line % {"n": n} for line, n in counted if n] or [_("Hôm nay không có việc nào gấp.")]

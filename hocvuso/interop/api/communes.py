"""A commune's page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Schema

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure
from hocvuso.indicators.services import rollup
from hocvuso.overview.queries.communes import communes_in_reach
from hocvuso.overview.queries.communes import workspace as workspace_of
from hocvuso.plans.rules import PlanState, TaskState
from hocvuso.reports.rules import ReportState

from .common import Scope, account_of, api, filled


class TaskDue(Schema):
    id: UUID
    title: str
    due_on: date | None
    state: TaskState


class PlanOwed(Schema):
    id: UUID
    title: str
    ends_on: date | None
    state: PlanState


class ReportOwed(Schema):
    id: UUID
    regime: str
    period: str
    due_on: date
    state: ReportState


class FigureOwed(Schema):
    indicator: str
    period: str


class Learnt(Schema):
    indicator: str
    this_week: float | None
    week_before: float | None


class Asked(Schema):
    open: int
    unanswered: int
    late: int


class Given(Schema):
    allocations: list[UUID]
    needs: list[UUID]
    offered: list[UUID]


class CommunePage(Schema):
    unit: str
    name: str
    brief: list[str]
    tasks: list[TaskDue]
    plans: list[PlanOwed]
    reports: list[ReportOwed]
    owed: list[FigureOwed]
    week: str
    learning: list[Learnt]
    requests: Asked
    pledges: Given
    teams: list[str]


@api.get("/communes/{code}", response=CommunePage, summary="A commune's page", tags=["communes"])
def commune(request: HttpRequest, code: str) -> CommunePage:
    """What a commune owes and by when (the first ten of each kind), how its residents learn, who waits for help."""
    account = account_of(request, Scope.COMMUNES_READ)
    unit = get_object_or_404(communes_in_reach(account), code=code)
    rollup.freshen()
    work = workspace_of(unit, account, timezone.localdate())
    return CommunePage(
        unit=unit.code,
        name=unit.name,
        brief=list(work.brief),
        tasks=[filled(TaskDue, task, state=state) for task, state in work.tasks],
        plans=[filled(PlanOwed, plan) for plan in work.plans],
        reports=[filled(ReportOwed, report, regime=report.regime.title) for report in work.reports],
        owed=[FigureOwed(indicator=indicator.key, period=period) for indicator, period in work.owed],
        week=work.week.code,
        learning=[_learnt(*row) for row in work.learning],
        requests=filled(Asked, work.requests),
        pledges=Given(
            allocations=[a.pk for a in work.pledges.given],
            needs=[n.pk for n in work.pledges.needs],
            offered=[p.pk for p in work.pledges.around],
        ),
        teams=[team.code for team in work.teams],
    )


def _learnt(indicator: Indicator, now: Figure, before: Figure) -> Learnt:
    shown = [None if figure.withheld else figure.value for figure in (now, before)]
    return Learnt(indicator=indicator.key, this_week=shown[0], week_before=shown[1])

"""Schemes: what is counted for them, and sums that count nothing twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from hocvuso.base import periods
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Scheme, SchemeLink, Task
from hocvuso.plans.queries import linking
from hocvuso.units.models import Unit

from .common import NoSuchUnit, Page, Scope, account_of, api, check_period, code_of, filled, paged
from .figures import MOST_PERIODS, MOST_UNITS, TooMuch

TAGS = ["schemes"]


class SchemeRow(Schema):
    key: str
    number: str
    title: str
    title_en: str
    issuer: str
    unit: str | None
    family: str
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    source: str
    tasks: int
    indicators: int


@api.get("/schemes", response=Page[SchemeRow], summary="Schemes and programmes", tags=TAGS)
def schemes(request: HttpRequest, page: int = 1, family: str = "") -> Page[SchemeRow]:
    """National schemes and those of units in reach or above, with how many tasks and indicators are linked."""
    found = linking.with_counts(Scheme.objects.visible_to(account_of(request, Scope.SCHEMES_READ)))
    if family:
        found = found.filter(family=family)
    return paged(found.select_related("unit"), page, lambda s: filled(SchemeRow, s, unit=code_of(s.unit)))


class IndicatorShare(Schema):
    indicator: str
    title: str
    share: float
    value: float | None
    part: float | None


class SchemeDetail(SchemeRow):
    period: str
    of_unit: str | None
    lines: list[IndicatorShare]


@api.get("/schemes/{key}", response=SchemeDetail, summary="One scheme with its figures", tags=TAGS)
def scheme_detail(request: HttpRequest, key: str, unit: str = "", period: str = "") -> SchemeDetail:
    """A scheme with the indicators counted for it: share, whole value and the scheme's `part` of it, for a unit (left
    out: the topmost in reach) in a period (left out: this year).
    """
    account = account_of(request, Scope.SCHEMES_READ)
    found = get_object_or_404(linking.with_counts(Scheme.objects.visible_to(account)).select_related("unit"), key=key)
    top = _unit(account, unit)
    code = _period(period)
    lines = linking.indicator_lines(found, unit=top, period=code, viewer=account) if top else []
    return filled(
        SchemeDetail,
        found,
        unit=code_of(found.unit),
        period=code,
        of_unit=code_of(top),
        lines=[
            filled(IndicatorShare, line, indicator=line.indicator.key, title=line.indicator.title) for line in lines
        ],
    )


def _unit(account: Person, code: str) -> Unit | None:
    reach = units_in_reach(account, May.SEE_FIGURES)
    found: Unit | None = (reach.filter(code=code) if code else reach.order_by("path")).first()
    if code and found is None:
        raise NoSuchUnit(field="unit")
    return found


def _period(code: str) -> str:
    if not code:
        return periods.containing(periods.PeriodType.YEAR, timezone.localdate()).code
    check_period(code)
    return code


class TaskShare(Schema):
    task: UUID
    plan: UUID
    title: str
    share: float
    due_on: date | None
    done_on: date | None


@api.get("/schemes/{key}/tasks", response=Page[TaskShare], summary="Tasks counted for a scheme", tags=TAGS)
def scheme_tasks(request: HttpRequest, key: str, page: int = 1) -> Page[TaskShare]:
    """Tasks in reach that are also counted for a scheme, with their shares, soonest due first."""
    account = account_of(request, Scope.SCHEMES_READ)
    found = get_object_or_404(Scheme.objects.visible_to(account), key=key)
    links = found.links.filter(task__in=Task.objects.visible_to(account).values("pk")).select_related("task")
    return paged(links.order_by("task__due_on", "pk"), page, _task_share)


def _task_share(link: SchemeLink) -> TaskShare:
    assert link.task is not None
    return filled(TaskShare, link.task, task=link.task_id, plan=link.task.plan_id, share=link.share)


class SchemeSums(Schema):
    total: float
    by_scheme: dict[str, float]
    figures: dict[str, float]


@api.get("/scheme-sums", response=SchemeSums, summary="Sums over schemes, nothing twice", tags=TAGS)
def scheme_sums(
    request: HttpRequest, scheme: Query[list[str]], indicator: Query[list[str]], unit: Query[list[str]], period: str
) -> SchemeSums:
    """What schemes have of some indicators at some units in a period: together (`total`: each figure once and whole),
    and each by its shares. Of units that lie in one another only the topmost count.
    """
    account = account_of(request, Scope.SCHEMES_READ)
    if len(unit) > MOST_UNITS:
        raise TooMuch(units=MOST_UNITS, periods=MOST_PERIODS)
    check_period(period)
    found = linking.sum_for(
        schemes=Scheme.objects.visible_to(account).filter(key__in=scheme),
        indicators=indicator,
        units=units_in_reach(account, May.SEE_FIGURES).filter(code__in=unit),
        period=period,
        viewer=account,
    )
    return filled(SchemeSums, found)

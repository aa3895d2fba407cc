"""Plans, their tasks in a list, change requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from hocvuso.plans.models import ChangeRequest, Plan
from hocvuso.plans.queries import planning
from hocvuso.plans.rules import PlanState, TaskState

from .common import Listing, Page, Scope, account_of, api, filled, paged

TAGS = ["plans"]


class PlanRow(Schema):
    id: UUID
    kind: str
    unit: str
    title: str
    number: str
    state: PlanState
    starts_on: date | None
    ends_on: date | None
    answers: UUID | None
    root: UUID | None


def plan_row(plan: Plan) -> PlanRow:
    """A plan in a list; its unit is at hand."""
    return filled(PlanRow, plan, unit=plan.unit.code, answers=plan.answers_id, root=plan.root_id)


@api.get("/plans", response=Page[PlanRow], summary="Plans", tags=TAGS)
def plans(
    request: HttpRequest,
    asked: Query[Listing],
    state: PlanState | None = None,
    root: UUID | None = None,
    answers: UUID | None = None,
) -> Page[PlanRow]:
    """Plans in reach, the latest first. `root`: the plan at the top of their tree; `answers`: the task they answer."""
    found = Plan.objects.visible_to(account_of(request, Scope.PLANS_READ))
    if state:
        found = found.filter(state=state)
    if root:
        found = found.filter(root=root)
    if answers:
        found = found.filter(answers=answers)
    rows = asked.made_since(asked.of_unit(found)).select_related("unit").order_by("-pk")
    return paged(rows, asked.page, plan_row)


class AnsweredTask(Schema):
    id: UUID
    title: str
    plan: UUID


class PlanDetail(Schema):
    id: UUID
    kind: str
    unit: str
    title: str
    number: str
    state: PlanState
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    basis: str
    note: str
    source: str
    approved_at: datetime | None
    root: UUID | None
    answers: AnsweredTask | None
    tasks: dict[TaskState, int]


@api.get("/plans/{plan}", response=PlanDetail, summary="One plan", tags=TAGS)
def plan_detail(request: HttpRequest, plan: UUID) -> PlanDetail:
    """A plan: head, state, days, the task that it answers, and how many of its tasks (in reach) are in which state."""
    account = account_of(request, Scope.PLANS_READ)
    found = _seen(account, plan)
    task = found.answers
    answered = AnsweredTask(id=task.pk, title=task.title, plan=task.plan_id) if task else None
    counts = planning.states_of(planning.tasks_of(account, found), timezone.localdate())
    return filled(PlanDetail, found, unit=found.unit.code, root=found.root_id, answers=answered, tasks=counts)


def _seen(account: Any, plan: UUID) -> Plan:
    found = Plan.objects.visible_to(account).select_related("unit", "answers__plan__unit")
    return get_object_or_404(found, pk=plan)


class Change(Schema):
    before: Any = None
    after: Any = None


class ChangeRow(Schema):
    id: UUID
    plan: UUID
    task: UUID | None
    unit: str
    kind: str
    title: str
    changes: dict[str, Change]
    reason: str
    state: str
    asked_at: datetime
    decided_at: datetime | None
    answer: str


@api.get("/change-requests", response=Page[ChangeRow], summary="Change requests", tags=TAGS)
def change_requests(
    request: HttpRequest, asked: Query[Listing], state: str = "", plan: UUID | None = None
) -> Page[ChangeRow]:
    """Changes asked for in approved plans in reach, field by field, the latest first. `state`: asked, accepted,
    refused or withdrawn.
    """
    found = ChangeRequest.objects.visible_to(account_of(request, Scope.PLANS_READ))
    if state:
        found = found.filter(state=state)
    if plan:
        found = found.filter(plan=plan)
    rows = asked.made_since(asked.of_unit(found, "plan__unit")).select_related("plan__unit").order_by("-pk")
    return paged(rows, asked.page, _change_row)


def _change_row(change: ChangeRequest) -> ChangeRow:
    same = {"plan": change.plan_id, "task": change.task_id, "asked_at": change.created_at}
    return filled(ChangeRow, change, unit=change.plan.unit.code, **same)

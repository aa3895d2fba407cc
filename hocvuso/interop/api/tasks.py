"""Tasks: listed, one with its evidence and the plans that answer it; notes, products and completion from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from hocvuso.base.words import name_of
from hocvuso.people.models import Person
from hocvuso.plans.models import Plan, Product, ProgressNote, Task
from hocvuso.plans.queries import planning
from hocvuso.plans.rules import PlanState, TaskState
from hocvuso.plans.services import working

from .common import Day, Page, Scope, Text, Within, account_of, api, code_of, file_names, filled, paged
from .plans import TAGS, PlanRow, plan_row

CHILDREN = 50


class TaskRow(Schema):
    id: UUID
    plan: UUID
    title: str
    lead_unit: str | None
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    state: TaskState


def _task_row(task: Task) -> TaskRow:
    return filled(
        TaskRow,
        task,
        plan=task.plan_id,
        lead_unit=code_of(task.lead_unit),
        state=task.state_on(timezone.localdate()),
    )


@api.get("/plans/{plan}/tasks", response=Page[TaskRow], summary="Tasks of a plan", tags=TAGS)
def tasks(request: HttpRequest, plan: UUID, page: int = 1, state: TaskState | None = None) -> Page[TaskRow]:
    """Tasks of a plan, as far as in reach, in their order, with their derived states."""
    account = account_of(request, Scope.PLANS_READ)
    visible = Plan.objects.visible_to(account).select_related("unit", "answers__plan__unit")
    found = planning.tasks_of(account, get_object_or_404(visible, pk=plan))
    if state:
        found = found.in_state(state, timezone.localdate())
    return paged(found, page, _task_row)


@api.get("/tasks", response=Page[TaskRow], summary="Tasks being carried out", tags=TAGS)
def task_rows(
    request: HttpRequest,
    asked: Query[Within],
    state: TaskState | None = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
) -> Page[TaskRow]:
    """Tasks of all plans in force, soonest due first; `unit` is the lead unit with all beneath."""
    account = account_of(request, Scope.PLANS_READ)
    wanted = planning.Filter(state=state or "", due_from=due_from, due_until=due_until)
    found = planning.listed_tasks(account, wanted, timezone.localdate())
    return paged(asked.of_unit(found, "lead_unit"), asked.page, _task_row)


class NoteRow(Schema):
    id: UUID
    text: str
    by: str
    at: datetime


class ProductRow(Schema):
    id: UUID
    kind: str
    title: str
    address: str
    by: str
    at: datetime
    files: list[str]


class TaskDetail(Schema):
    id: UUID
    plan: UUID
    title: str
    description: str
    lead_unit: str | None
    supporting_units: list[str]
    leader: str | None
    product: str
    indicators: list[str]
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    state: TaskState
    reason: str
    notes: list[NoteRow]
    products: list[ProductRow]
    child_plans_by_state: dict[PlanState, int]
    child_plans: list[PlanRow]


@api.get("/tasks/{task}", response=TaskDetail, summary="One task", tags=TAGS)
def task_detail(request: HttpRequest, task: UUID) -> TaskDetail:
    """A task with its derived state and why, notes, products, and the plans that answer it (the first 50; all of them:
    `/plans?answers=…`).
    """
    account = account_of(request, Scope.PLANS_READ)
    found, today = _seen(account, task), timezone.localdate()
    notes, products = planning.evidence(found)
    children = planning.child_plans(account, found)
    return filled(
        TaskDetail,
        found,
        plan=found.plan_id,
        lead_unit=code_of(found.lead_unit),
        supporting_units=[unit.code for unit in found.supporting_units.all()],
        leader=str(found.leader) if found.leader else None,
        state=found.state_on(today),
        reason=found.reason_on(today),
        notes=[_note_row(note) for note in notes],
        products=_product_rows(products),
        child_plans_by_state=planning.roll_up(children, today).by_state,
        child_plans=[plan_row(plan) for plan in planning.waiting_first(children)[:CHILDREN]],
    )


def _seen(account: Person, task: UUID) -> Task:
    rows = Task.objects.visible_to(account).select_related("plan__unit", "lead_unit", "leader")
    return get_object_or_404(rows, pk=task)


def _note_row(note: ProgressNote) -> NoteRow:
    return filled(NoteRow, note, by=str(note.by), at=note.created_at)


def _product_rows(products: Sequence[Product]) -> list[ProductRow]:
    files = file_names(products)
    return [filled(ProductRow, p, by=str(p.by), at=p.created_at, files=files[name_of(p)]) for p in products]


class NoteIn(Schema):
    text: Text = Field(max_length=3000, description="What was done.")


class ProductIn(Schema):
    kind: Literal["link", "edition", "indicator"]
    title: Text = Field("", max_length=300, description="Left out: that of the thing itself.")
    address: Text = Field(max_length=500, description="A link, the key of a published programme or of an indicator.")


@api.post("/tasks/{task}/notes", response={201: NoteRow}, summary="Add a progress note", tags=TAGS)
def add_note(request: HttpRequest, task: UUID, note: NoteIn) -> Status:
    """What was done, in words; by the lead unit, a supporting unit or the unit whose plan it is."""
    account = account_of(request, Scope.PLANS_WRITE)
    made = working.add_note(task=_seen(account, task), text=note.text, by=account)
    return Status(201, _note_row(made))


@api.post("/tasks/{task}/products", response={201: ProductRow}, summary="Add a product", tags=TAGS)
def add_product(request: HttpRequest, task: UUID, product: ProductIn) -> Status:
    """Evidence that the task is done: a link, a published programme or an indicator. Files go in on the page."""
    account = account_of(request, Scope.PLANS_WRITE)
    made = working.add_product(
        task=_seen(account, task), kind=product.kind, title=product.title, address=product.address, by=account
    )
    return Status(201, _product_rows([made])[0])


@api.post("/tasks/{task}/complete", response=TaskRow, summary="Complete a task", tags=TAGS)
def complete(request: HttpRequest, task: UUID) -> TaskRow:
    """Done as of today; by the lead unit or the unit whose plan it is, once the product asked for is there."""
    account = account_of(request, Scope.PLANS_WRITE)
    return _task_row(working.complete(task=_seen(account, task), by=account))

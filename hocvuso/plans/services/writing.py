"""Plans are written: start, edit, tasks added, edited, ordered, deleted, while the plan is a draft or returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import EndsBeforeItStarts, NeedsTitle, Refusal
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Plan, Task
from ..queries.planning import given_to, leaders_at
from . import gates
from .planning import locked


class NotBeneath(Refusal):
    """One gives tasks to units beneath one's own (`queries.planning.given_to`); others can support."""

    code = "not-beneath"
    says = _("%(unit)s không thuộc đơn vị ban hành kế hoạch. Đơn vị ngoài chỉ có thể phối hợp.")


class Kept(Refusal):
    """A plan that was submitted once, or that answers were written to, is kept."""

    code = "kept"
    says = _("Kế hoạch đã trình hoặc đã có kế hoạch cấp dưới nên được giữ lại.")


class NotALeader(Refusal):
    """The leader in charge leads the plan's unit, the lead unit, or one above."""

    code = "not-a-leader"
    says = _("Người này không giữ vai trò lãnh đạo ở đơn vị ban hành hay đơn vị chủ trì.")


@dataclass(frozen=True)
class PlanText:
    """What is written of a plan."""

    title: str
    number: str = ""
    issued_on: date | None = None
    basis: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class TaskText:
    """What is written of a task. Lead unit and dates may stay open."""

    title: str
    description: str = ""
    lead_unit: Unit | None = None
    supporting_units: Sequence[Unit] = ()
    leader: Person | None = None
    product: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    indicators: Sequence[str] = ()


@transaction.atomic
def start(*, unit: Unit, text: PlanText, by: Person, kind: str = Plan.Kind.PLAN) -> Plan:
    """A new draft of a unit. Raises NotAllowed, NeedsTitle, EndsBeforeItStarts."""
    gates.need(may(by, May.PLAN, unit))
    check_plan(text)
    plan = Plan.objects.create(unit=unit, kind=kind, written_by=by, **plan_fields(text))
    plan.writers.add(by)
    journal.write("plan.started", plan, by=by, unit=unit.code, title=plan.title, kind=kind)
    return plan


@transaction.atomic
def edit(*, plan: Plan, text: PlanText, by: Person, version: int | None = None) -> Plan:
    """Change what is written of a plan. Raises NotAllowed, Fixed, Stale, NeedsTitle, EndsBeforeItStarts."""
    plan = open_to(by, plan, version)
    check_plan(text)
    for name, value in plan_fields(text).items():
        setattr(plan, name, value)
    plan.save()
    journal.write("plan.edited", plan, by=by, title=plan.title)
    return plan


@transaction.atomic
def delete(*, plan: Plan, by: Person, version: int | None = None) -> None:
    """Delete a draft that was never submitted. Raises NotAllowed, Fixed, Stale, Kept."""
    plan = open_to(by, plan, version)
    if plan.submitted_by_id or Plan.objects.filter(answers__plan=plan).exists():
        raise Kept
    answered = plan.answers
    journal.write("plan.deleted", plan, by=by, title=plan.title, unit=plan.unit.code)
    plan.delete()
    if answered:
        recount(answered)


@transaction.atomic
def add_task(*, plan: Plan, text: TaskText, by: Person) -> Task:
    """A task at the end of the list. Raises NotAllowed, Fixed, NeedsTitle, EndsBeforeItStarts, NotBeneath."""
    plan = open_to(by, plan)
    task = insert_task(plan, text)
    journal.write("task.added", plan, by=by, task=task.pk, title=task.title)
    return task


def insert_task(plan: Plan, text: TaskText) -> Task:
    """The checked row itself; for verbs that have gated and locked the plan."""
    check_task(plan, text)
    last = plan.tasks.aggregate(last=Max("position"))["last"] or 0
    task = Task.objects.create(plan=plan, position=last + 1, **_task_fields(text))
    task.supporting_units.set(text.supporting_units)
    return task


@transaction.atomic
def edit_task(*, task: Task, text: TaskText, by: Person, version: int | None = None) -> Task:
    """Change what is written of a task. Raises as `add_task`, and Stale."""
    plan, task = _open_task(by, task, version)
    check_task(plan, text)
    for name, value in _task_fields(text).items():
        setattr(task, name, value)
    task.save()
    task.supporting_units.set(text.supporting_units)
    journal.write("task.edited", plan, by=by, task=task.pk, title=task.title)
    return task


@transaction.atomic
def move_task(*, task: Task, up: bool, by: Person, version: int | None = None) -> None:
    """Change places with the task before (or after). The order is the plan's: `version` is that of the plan.

    Raises NotAllowed, Fixed, Stale.
    """
    plan = open_to(by, task.plan, version)
    ordered = list(plan.tasks.order_by("position", "pk"))
    here = next(n for n, other in enumerate(ordered) if other.pk == task.pk)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, other in enumerate(ordered, 1):
        other.position = position
    Task.objects.bulk_update(ordered, ["position"])
    journal.write("task.moved", plan, by=by, task=task.pk, to=there + 1)


@transaction.atomic
def delete_task(*, task: Task, by: Person, version: int | None = None) -> None:
    """Take a task out of a draft. Raises NotAllowed, Fixed, Stale."""
    plan, task = _open_task(by, task, version)
    journal.write("task.deleted", plan, by=by, task=task.pk, title=task.title)
    task.delete()


def open_to(by: Person, plan: Plan, version: int | None = None) -> Plan:
    """The plan, locked, when this person may write in it now, and is one of its writers from now on.

    Whatever is written in it, also of its tasks, is its next version. Raises NotAllowed, Fixed, Stale.
    """
    plan = locked(plan)
    gates.need(gates.may_write(by, plan))
    gates.need_open(plan)
    expect(plan, version, by=by)
    if plan.written_by_id is None:
        plan.written_by = by
        plan.save(update_fields=["written_by"])
    plan.writers.add(by)
    return plan


def _open_task(by: Person, task: Task, version: int | None) -> tuple[Plan, Task]:
    """The plan and the task, locked, for a change of the task that was seen at `version`."""
    plan = open_to(by, task.plan)
    task = Task.objects.select_for_update().get(pk=task.pk)
    expect(task, version, by=by)
    return plan, task


def check_plan(text: PlanText) -> None:
    """Raise what is wrong with a plan's text: NeedsTitle, EndsBeforeItStarts."""
    _check_text(text.title, text.starts_on, text.ends_on, "ends_on")


def check_task(plan: Plan, text: TaskText) -> None:
    """Raise what is wrong with a task's text."""
    _check_text(text.title, text.starts_on, text.due_on, "due_on")
    if text.lead_unit is not None and not given_to(plan).filter(pk=text.lead_unit.pk).exists():
        raise NotBeneath(field="lead_unit", unit=text.lead_unit)
    if text.leader is not None and not leaders_at(plan.unit, text.lead_unit).filter(pk=text.leader.pk).exists():
        raise NotALeader(field="leader")


def recount(task: Task) -> None:
    """Keep `begun` and `produced` what the evidence says."""
    task.produced = task.products.exists()
    task.begun = task.produced or task.notes.exists() or task.child_plans.exists()
    task.save(update_fields=["produced", "begun"])


def shifted(day: date | None, by: timedelta) -> date | None:
    """A day moved, where there is one."""
    return day + by if day else None


def _check_text(title: str, first: date | None, last: date | None, field: str) -> None:
    if not title.strip():
        raise NeedsTitle(field="title")
    if first and last and last < first:
        raise EndsBeforeItStarts(field=field)


def plan_fields(text: PlanText) -> dict[str, Any]:
    """The columns of a plan that its text fills."""
    return {
        "title": text.title.strip()[:300],
        "number": text.number.strip()[:60],
        "issued_on": text.issued_on,
        "basis": text.basis.strip(),
        "starts_on": text.starts_on,
        "ends_on": text.ends_on,
    }


def _task_fields(text: TaskText) -> dict[str, Any]:
    return {
        "title": text.title.strip()[:500],
        "description": text.description.strip(),
        "lead_unit": text.lead_unit,
        "leader": text.leader,
        "product": text.product.strip()[:500],
        "starts_on": text.starts_on,
        "due_on": text.due_on,
        "indicators": list(text.indicators),
    }

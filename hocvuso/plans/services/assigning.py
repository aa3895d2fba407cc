"""Tasks go down: a lead unit answers with a child plan; a task is assigned to many units with one press; templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Plan, Task
from ..queries.planning import given_to, untouched
from ..rules import RUNNING
from . import gates
from .planning import IsTemplate
from .writing import PlanText, check_plan, plan_fields, recount, shifted

CHUNK = 500


class NotAgreedYet(Refusal):
    """Only tasks of approved plans are answered or assigned."""

    code = "not-agreed-yet"
    says = _("Chỉ nhiệm vụ của kế hoạch đã duyệt mới giao xuống hoặc trả lời bằng kế hoạch được.")


class AlreadyAnswered(Refusal):
    """A unit answers a task with one plan."""

    code = "already-answered"
    says = _("%(unit)s đã có kế hoạch cho nhiệm vụ này.")


@dataclass(frozen=True)
class Assigned:
    """What one press did."""

    made: int
    already: int


def _locked(task: Task) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related(
        "plan__unit", "plan__root", "plan__answers__plan", "lead_unit"
    )
    task = rows.get(pk=task.pk)
    if task.plan.kind == Plan.Kind.TEMPLATE or task.plan.state not in RUNNING:
        raise NotAgreedYet
    return task


@transaction.atomic
def answer(*, task: Task, unit: Unit, by: Person) -> Plan:
    """The lead or a supporting unit (or one given the task) begins its child plan. Dates and product are copied.

    Raises NotAllowed, NotAgreedYet, AlreadyAnswered.
    """
    task = _locked(task)
    gates.need(may(by, May.PLAN, unit) and _concerns(task, unit))
    if Plan.objects.filter(answers=task, unit=unit, kind=Plan.Kind.PLAN).exists():
        raise AlreadyAnswered(unit=unit)
    plan = _child(task, unit)
    plan.written_by = by
    plan.save(force_insert=True)
    plan.writers.add(by)
    Task.objects.bulk_create(_tasks_for(plan, [task]))
    journal.write("plan.started", plan, by=by, unit=unit.code, answers=task.pk)
    recount(task)
    return plan


def _concerns(task: Task, unit: Unit) -> bool:
    """Whether the task was given to the unit, to one above it, or to be supported by it."""
    given = [task.lead_unit] if task.lead_unit else []
    return any(unit.path.startswith(other.path) for other in [*given, *task.supporting_units.all()])


@transaction.atomic
def assign(*, task: Task, units: Any, by: Person, template: Plan | None = None) -> Assigned:
    """Child plans for all `units` (a queryset), each with the task itself or the tasks of a template.

    Again: only units without one get one. One journal entry for the whole act. Raises NotAllowed, NotAgreedYet.
    """
    task = _locked(task)
    gates.need(gates.may_write(by, task.plan))
    if template is not None and template.kind != Plan.Kind.TEMPLATE:
        raise IsTemplate
    wanted = units.filter(pk__in=given_to(task.plan)).exclude(pk=task.plan.unit_id)
    have = Plan.objects.filter(answers=task, kind=Plan.Kind.PLAN).values("unit")
    fresh = list(wanted.exclude(pk__in=have).only("id", "code", "name", "path"))
    already = wanted.filter(pk__in=have).count()
    source = list(template.tasks.order_by("position")) if template else [task]
    shift = _shift(template, task.starts_on) if template else timedelta()
    plans = [_child(task, unit) for unit in fresh]
    Plan.objects.bulk_create(plans, batch_size=CHUNK)
    Task.objects.bulk_create((row for plan in plans for row in _tasks_for(plan, source, shift)), batch_size=CHUNK)
    if plans:
        recount(task)
        journal.write("task.assigned", task, by=by, made=len(plans), units=[unit.code for unit in fresh])
    return Assigned(made=len(plans), already=already)


@transaction.atomic
def withdraw(*, task: Task, by: Person) -> int:
    """Delete the child plans of a task that nobody has touched; returns how many. Raises NotAllowed, NotAgreedYet."""
    task = _locked(task)
    gates.need(gates.may_write(by, task.plan))
    plans = list(untouched(task).select_related("unit").select_for_update(of=("self",)))
    codes = [plan.unit.code for plan in plans]
    if codes:
        Plan.objects.filter(pk__in=[plan.pk for plan in plans]).delete()
        recount(task)
        journal.write("task.taken-back", task, by=by, deleted=len(codes), units=codes)
    return len(codes)


def _child(task: Task, unit: Unit) -> Plan:
    above = task.plan
    return Plan(
        unit=unit,
        answers=task,
        root_id=above.root_id or above.pk,
        title=task.title[:300],
        basis=" · ".join(part for part in (above.number, above.title) if part),
        starts_on=task.starts_on,
        ends_on=task.due_on,
    )


def _tasks_for(plan: Plan, source: Iterable[Task], shift: timedelta = timedelta()) -> list[Task]:
    return [
        Task(
            plan=plan,
            position=position,
            title=task.title,
            description=task.description,
            lead_unit_id=plan.unit_id,
            product=task.product,
            starts_on=shifted(task.starts_on, shift),
            due_on=shifted(task.due_on, shift),
            indicators=task.indicators,
        )
        for position, task in enumerate(source, 1)
    ]


@transaction.atomic
def save_as_template(*, plan: Plan, title: str, by: Person) -> Plan:
    """Keep a plan's tasks as a template of its unit. Raises NotAllowed, NeedsTitle."""
    gates.need(gates.may_write(by, plan))
    return _copy(plan, unit=plan.unit, text=PlanText(title), by=by, kind=Plan.Kind.TEMPLATE, shift=timedelta())


@transaction.atomic
def start_from(*, template: Plan, unit: Unit, text: PlanText, by: Person) -> Plan:
    """A draft with the tasks of a template, its dates moved to the new first day; what `text` says goes before what
    the template says. Raises NotAllowed, NeedsTitle, EndsBeforeItStarts.
    """
    gates.need(may(by, May.PLAN, unit))
    shift = _shift(template, text.starts_on)
    return _copy(template, unit=unit, text=text, by=by, kind=Plan.Kind.PLAN, shift=shift)


def _shift(template: Plan, starts_on: date | None) -> timedelta:
    return starts_on - template.starts_on if starts_on and template.starts_on else timedelta()


def _copy(plan: Plan, *, unit: Unit, text: PlanText, by: Person, kind: str, shift: timedelta) -> Plan:
    text = replace(
        text,
        basis=text.basis or plan.basis,
        starts_on=text.starts_on or shifted(plan.starts_on, shift),
        ends_on=text.ends_on or shifted(plan.ends_on, shift),
    )
    check_plan(text)
    made = Plan.objects.create(unit=unit, kind=kind, written_by=by, **plan_fields(text))
    made.writers.add(by)
    source = list(plan.tasks.select_related("lead_unit").order_by("position"))
    tasks = _tasks_for(made, source, shift)
    for task, original in zip(tasks, source, strict=True):
        lead = original.lead_unit
        task.lead_unit = lead if lead and lead.path.startswith(unit.path) else None
    Task.objects.bulk_create(tasks)
    journal.write("plan.started", made, by=by, unit=unit.code, title=made.title, kind=kind, copied_from=plan.pk)
    return made

"""Approved plans change by request: asked for with a reason, decided by a second person, kept for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import EndsBeforeItStarts, NeedsReason, Refusal, TwoEyes
from hocvuso.base.versions import check, expect
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from ..models import ChangeRequest, Plan, Task
from ..rules import RUNNING
from . import gates
from .planning import locked, snapshot, snapshot_of_task
from .writing import TaskText, check_task, insert_task

Kind = ChangeRequest.Kind
State = ChangeRequest.State


class NothingChanges(Refusal):
    """A request changes something."""

    code = "nothing-changes"
    says = _("Chưa có gì khác với kế hoạch hiện nay.")


class NotRunning(Refusal):
    """Requests are for approved plans that are not yet reviewed; drafts are simply edited."""

    code = "not-running"
    says = _("Chỉ xin đổi kế hoạch đã duyệt và chưa tổng kết.")


class ChangedMeanwhile(Refusal):
    """What the request starts from is no longer so."""

    code = "changed-meanwhile"
    says = _("Kế hoạch đã thay đổi từ khi có đề nghị này. Hãy từ chối và xin đổi lại.")


class HasEvidence(Refusal):
    """A task that work was done on is not dropped."""

    code = "has-evidence"
    says = _("Nhiệm vụ đã có việc làm hoặc sản phẩm nên không bỏ được.")


class AlreadyAsked(Refusal):
    """Nobody asks twice about a task or a plan before the first answer."""

    code = "already-asked"
    says = _("Bạn đang có một đề nghị đổi chờ trả lời. Hãy rút đề nghị ấy trước khi gửi đề nghị khác.")


class DayGone(Refusal):
    """A due day that has passed makes a task late at once."""

    code = "day-gone"
    says = _("Hạn mới phải từ hôm nay trở đi.")


class AlreadyDecided(Refusal):
    """A request is decided once."""

    code = "already-decided"
    says = _("Đề nghị này đã được trả lời.")


@transaction.atomic
def ask_for_task(*, task: Task, text: TaskText, reason: str, by: Person, version: int | None = None) -> ChangeRequest:
    """Ask to change a task, seen at `version`. Raises NotAllowed, NotRunning, NeedsReason, NothingChanges,
    AlreadyAsked, DayGone and what `edit_task` raises.
    """
    plan = _asking(task.plan, reason, by, also=gates.may_work_on(by, task))
    task = plan.tasks.select_related("lead_unit").get(pk=task.pk)
    check(task, version)
    check_task(plan, text)
    now, wanted = snapshot_of_task(task), _snapshot_of_text(text)
    changes = {name: {"before": now[name], "after": wanted[name]} for name in now if now[name] != wanted[name]}
    return _asked(plan, Kind.TASK, task.title, changes, reason, by, task=task)


@transaction.atomic
def ask_to_add(*, plan: Plan, text: TaskText, reason: str, by: Person) -> ChangeRequest:
    """Ask for one more task. Raises as `ask_for_task`."""
    plan = _asking(plan, reason, by)
    check_task(plan, text)
    changes = {name: {"before": None, "after": value} for name, value in _snapshot_of_text(text).items() if value}
    return _asked(plan, Kind.ADD, text.title.strip(), changes, reason, by)


@transaction.atomic
def ask_to_remove(*, task: Task, reason: str, by: Person, version: int | None = None) -> ChangeRequest:
    """Ask to drop a task that nothing was done on. Raises NotAllowed, NotRunning, NeedsReason, HasEvidence, Stale."""
    plan = _asking(task.plan, reason, by)
    check(task, version)
    if task.begun or task.done_on:
        raise HasEvidence
    return _asked(plan, Kind.REMOVE, task.title, {"task": {"before": task.title, "after": None}}, reason, by, task=task)


@transaction.atomic
def ask_for_plan(
    *,
    plan: Plan,
    title: str,
    starts_on: date | None,
    ends_on: date | None,
    reason: str,
    by: Person,
    version: int | None = None,
) -> ChangeRequest:
    """Ask to change a plan's title or period. Raises as `ask_for_task`."""
    plan = _asking(plan, reason, by)
    check(plan, version)
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts(field="ends_on")
    now = snapshot(plan)["plan"]
    wanted = {
        "title": title.strip()[:300] or plan.title,
        "starts_on": starts_on and starts_on.isoformat(),
        "ends_on": ends_on and ends_on.isoformat(),
    }
    changes = {name: {"before": now[name], "after": wanted[name]} for name in now if now[name] != wanted[name]}
    return _asked(plan, Kind.PLAN, plan.title, changes, reason, by)


def _asking(plan: Plan, reason: str, by: Person, *, also: bool = False) -> Plan:
    plan = locked(plan)
    gates.need(gates.may_write(by, plan) or also)
    if plan.state not in RUNNING:
        raise NotRunning
    if not reason.strip():
        raise NeedsReason(field="reason")
    return plan


def _asked(
    plan: Plan, kind: str, title: str, changes: dict[str, Any], reason: str, by: Person, task: Task | None = None
) -> ChangeRequest:
    if not changes:
        raise NothingChanges
    if (due := changes.get("due_on", {}).get("after")) and due < timezone.localdate().isoformat():
        raise DayGone(field="due_on")
    if kind != Kind.ADD and _pending(plan, task).filter(by=by).exists():
        raise AlreadyAsked
    made = ChangeRequest.objects.create(
        plan=plan, task=task, kind=kind, title=title[:500], changes=changes, reason=reason.strip()[:1000], by=by
    )
    journal.write("plan.change-asked", plan, by=by, request=made.pk, kind=kind, changes=changes)
    return made


def _pending(plan: Plan, task: Task | None) -> Any:
    return ChangeRequest.objects.filter(plan=plan, task=task, state=State.ASKED).exclude(kind=Kind.ADD)


@transaction.atomic
def withdraw(*, request: ChangeRequest, by: Person) -> ChangeRequest:
    """Take back what one asked, before anybody answers, while one may still ask. Raises NotAllowed, AlreadyDecided."""
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related("plan__unit", "task__lead_unit")
    request = rows.get(pk=request.pk)
    gates.need(gates.may_take_back(by, request))
    if request.state != State.ASKED:
        raise AlreadyDecided
    request.state = State.WITHDRAWN
    request.save(update_fields=["state"])
    journal.write("plan.change-withdrawn", request.plan, by=by, request=request.pk)
    return request


@transaction.atomic
def accept(*, request: ChangeRequest, by: Person, answer: str = "") -> ChangeRequest:
    """Apply it. Raises NotAllowed, TwoEyes, AlreadyDecided, NotRunning, ChangedMeanwhile, HasEvidence."""
    request = _deciding(request, by)
    if request.plan.state not in RUNNING:
        raise NotRunning
    expect(request.plan, None, by=by)
    _APPLY[Kind(request.kind)](request, by)
    return _decided(request, State.ACCEPTED, answer, by)


@transaction.atomic
def refuse(*, request: ChangeRequest, answer: str, by: Person) -> ChangeRequest:
    """Leave the plan as it is, with a reason. Raises NotAllowed, TwoEyes, AlreadyDecided, NeedsReason."""
    request = _deciding(request, by)
    if not answer.strip():
        raise NeedsReason(field="answer")
    return _decided(request, State.REFUSED, answer, by)


def _deciding(request: ChangeRequest, by: Person) -> ChangeRequest:
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related("task")
    request = rows.get(pk=request.pk)
    request.plan = locked(request.plan)
    gates.need(gates.may_approve(by, request.plan))
    if request.by_id == by.pk:
        raise TwoEyes
    if request.state != State.ASKED:
        raise AlreadyDecided
    return request


def _decided(request: ChangeRequest, state: str, answer: str, by: Person) -> ChangeRequest:
    request.state, request.answer = state, answer.strip()[:1000]
    request.decided_by, request.decided_at = by, timezone.now()
    request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    journal.write(f"plan.change-{state}", request.plan, by=by, request=request.pk, answer=request.answer)
    return request


def _apply_task(request: ChangeRequest, by: Person) -> None:
    if request.task is None:
        raise ChangedMeanwhile
    task = Task.objects.select_for_update().get(pk=request.task.pk)
    _need_unchanged(snapshot_of_task(task), request.changes)
    expect(task, None, by=by)
    after = {name: change["after"] for name, change in request.changes.items()}
    for name, value in _values(after).items():
        setattr(task, name, value)
    task.save()
    if "supporting_units" in after:
        task.supporting_units.set(Unit.objects.filter(code__in=after["supporting_units"]))


def _apply_add(request: ChangeRequest, by: Person) -> None:
    after = {name: change["after"] for name, change in request.changes.items()}
    supporting = Unit.objects.filter(code__in=after.get("supporting_units", []))
    task = insert_task(request.plan, TaskText(supporting_units=list(supporting), **_values(after)))
    ChangeRequest.objects.filter(pk=request.pk).update(task=task)


def _apply_remove(request: ChangeRequest, by: Person) -> None:
    task = request.task
    if task is None:
        raise ChangedMeanwhile
    if task.begun or task.done_on:
        raise HasEvidence
    task.delete()
    request.task = None


def _apply_plan(request: ChangeRequest, by: Person) -> None:
    plan = request.plan
    _need_unchanged(snapshot(plan)["plan"], request.changes)
    for name, value in _values({name: change["after"] for name, change in request.changes.items()}).items():
        setattr(plan, name, value)
    plan.save(update_fields=[*request.changes, "search"])


_APPLY = {Kind.TASK: _apply_task, Kind.ADD: _apply_add, Kind.REMOVE: _apply_remove, Kind.PLAN: _apply_plan}


def _need_unchanged(now: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    if any(now[name] != change["before"] for name, change in changes.items()):
        raise ChangedMeanwhile


def _values(after: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a task (or plan) from the plain values of a snapshot; supporting units are set apart."""
    read: dict[str, Callable[[Any], Any]] = {
        "lead_unit": lambda code: Unit.objects.filter(code=code).first() if code else None,
        "leader": lambda key: Person.objects.filter(pk=key).first() if key else None,
        "starts_on": lambda day: date.fromisoformat(day) if day else None,
        "due_on": lambda day: date.fromisoformat(day) if day else None,
        "ends_on": lambda day: date.fromisoformat(day) if day else None,
    }
    return {
        name: read[name](value) if name in read else value
        for name, value in after.items()
        if name != "supporting_units"
    }


def _snapshot_of_text(text: TaskText) -> dict[str, Any]:
    return {
        "title": text.title.strip()[:500],
        "description": text.description.strip(),
        "lead_unit": text.lead_unit.code if text.lead_unit else None,
        "supporting_units": sorted(unit.code for unit in text.supporting_units),
        "leader": str(text.leader.pk) if text.leader else None,
        "product": text.product.strip()[:500],
        "starts_on": text.starts_on and text.starts_on.isoformat(),
        "due_on": text.due_on and text.due_on.isoformat(),
        "indicators": list(text.indicators),
    }

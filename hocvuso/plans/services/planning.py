"""Plans move: one verb a move; and plans loaded from reference data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import NeedsReason, Refusal
from hocvuso.base.events import emit
from hocvuso.base.states import check_move
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..events import PlanMoved
from ..models import Plan, Task
from ..rules import PLAN_MOVES, PlanState
from . import gates
from .gates import Fixed, NotInForce

__all__ = ["Empty", "Fixed", "IsTemplate", "NotInForce"]


class Empty(Refusal):
    """A plan without tasks cannot be submitted."""

    code = "empty"
    says = _("Kế hoạch chưa có nhiệm vụ nào.")


class IsTemplate(Refusal):
    """Templates are copied, not carried out."""

    code = "is-template"
    says = _("Đây là mẫu: hãy lập kế hoạch từ mẫu này.")


def locked(plan: Plan) -> Plan:
    """The plan with its row locked, and what the gates ask for."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("unit", "answers__plan__unit")
    return rows.get(pk=plan.pk)


@transaction.atomic
def submit(*, plan: Plan, by: Person, version: int | None = None) -> Plan:
    """Draft or returned → submitted. Raises NotAllowed, IllegalMove, Stale, Empty."""
    plan = locked(plan)
    gates.need(gates.may_write(by, plan))
    _check(plan, PlanState.SUBMITTED, version, by)
    if not plan.tasks.exists():
        raise Empty
    plan.submitted_by = by
    plan.written_by = plan.written_by or by
    plan.writers.add(by)
    return _move(plan, PlanState.SUBMITTED, by=by, also=("submitted_by", "written_by"))


@transaction.atomic
def return_for_revision(*, plan: Plan, reason: str, by: Person, version: int | None = None) -> Plan:
    """Submitted → returned, with a reason. Raises NotAllowed, TwoEyes, IllegalMove, Stale, NeedsReason."""
    plan = locked(plan)
    gates.need_second(by, plan)
    _check(plan, PlanState.RETURNED, version, by)
    plan.note = _reason(reason)
    return _move(plan, PlanState.RETURNED, by=by, also=("note",))


@transaction.atomic
def withdraw(*, plan: Plan, by: Person, version: int | None = None) -> Plan:
    """Submitted → returned by the unit itself, before anybody decides. Raises NotAllowed, IllegalMove, Stale."""
    plan = locked(plan)
    gates.need(gates.may_write(by, plan))
    _check(plan, PlanState.RETURNED, version, by)
    plan.note = str(_("Đơn vị rút lại để sửa."))
    return _move(plan, PlanState.RETURNED, by=by, also=("note",))


@transaction.atomic
def approve(*, plan: Plan, by: Person, note: str = "", at: datetime | None = None, version: int | None = None) -> Plan:
    """Submitted → approved; what was approved is kept as the baseline.

    Raises NotAllowed, TwoEyes, IllegalMove, Stale.
    """
    plan = locked(plan)
    gates.need_second(by, plan)
    _check(plan, PlanState.APPROVED, version, by)
    plan.approved_by, plan.approved_at = by, at or timezone.now()
    plan.note = note.strip()[:1000]
    plan.baseline = snapshot(plan)
    return _move(plan, PlanState.APPROVED, by=by, also=("approved_by", "approved_at", "note", "baseline"))


def approve_all(*, plans: Iterable[tuple[Plan, int | None]], by: Person) -> tuple[int, list[tuple[Unit, Refusal]]]:
    """Approve each by itself, as it was seen (its version); how many were, and for the others the reason why not."""
    done, refused = 0, []
    for plan, version in plans:
        try:
            approve(plan=plan, by=by, version=version)
            done += 1
        except Refusal as refusal:
            refused.append((plan.unit, refusal))
    return done, refused


@transaction.atomic
def put_in_force(*, plan: Plan, by: Person, version: int | None = None) -> Plan:
    """Approved → in force, by hand. Raises NotAllowed, IllegalMove, Stale."""
    plan = locked(plan)
    gates.need(gates.may_write(by, plan) or gates.may_approve(by, plan))
    _check(plan, PlanState.IN_FORCE, version, by)
    return _move(plan, PlanState.IN_FORCE, by=by)


def start_due(*, today: date) -> int:
    """Approved → in force for every plan whose start day has come; returns how many. For the daily round.

    What could not be started is kept as not taken.
    """
    return each(Plan.objects.real().filter(state=PlanState.APPROVED, starts_on__lte=today), _start, batch=STARTING)


def _start(plan: Plan) -> int:
    plan = locked(plan)
    if plan.state != PlanState.APPROVED:
        return 0
    expect(plan, None)
    _move(plan, PlanState.IN_FORCE, by=None)
    return 1


STARTING = Batch(
    "plans-in-force",
    _("kế hoạch đến ngày thực hiện"),
    lambda name: _start(Plan.objects.get(pk=name.partition(":")[2])),
)


@transaction.atomic
def review(*, plan: Plan, conclusion: str, by: Person, version: int | None = None) -> Plan:
    """In force → reviewed, with the conclusion. Raises NotAllowed, IllegalMove, Stale, NeedsReason."""
    plan = locked(plan)
    gates.need(gates.may_write(by, plan))
    _check(plan, PlanState.REVIEWED, version, by)
    plan.note = _reason(conclusion, field="conclusion")
    return _move(plan, PlanState.REVIEWED, by=by, also=("note",))


@transaction.atomic
def close(*, plan: Plan, by: Person, version: int | None = None) -> Plan:
    """Reviewed → closed, by who may approve at the plan's unit or above. Raises NotAllowed, IllegalMove, Stale."""
    plan = locked(plan)
    gates.need(may(by, May.APPROVE_PLAN, plan.unit))
    _check(plan, PlanState.CLOSED, version, by)
    return _move(plan, PlanState.CLOSED, by=by)


def _check(plan: Plan, to: PlanState, version: int | None, by: Person) -> None:
    if plan.kind == Plan.Kind.TEMPLATE:
        raise IsTemplate
    expect(plan, version, by=by)
    check_move(PLAN_MOVES, now=PlanState(plan.state), to=to)


def _move(plan: Plan, to: PlanState, *, by: Person | None, also: tuple[str, ...] = ()) -> Plan:
    was, plan.state = plan.state, to
    plan.save(update_fields=["state", *also])
    journal.write(f"plan.{to.value}", plan, by=by, was=was, **({"note": plan.note} if "note" in also else {}))
    emit(PlanMoved(plan_id=str(plan.pk), state=to.value, at=timezone.now().isoformat()))
    return plan


def _reason(text: str, field: str = "reason") -> str:
    if not text.strip():
        raise NeedsReason(field=field)
    return text.strip()[:1000]


def snapshot(plan: Plan) -> dict[str, Any]:
    """The plan as it is now, in plain values: what a baseline keeps and a comparison compares."""
    tasks = plan.tasks.select_related("lead_unit", "leader").prefetch_related("supporting_units")
    return {
        "plan": {"title": plan.title, "starts_on": _iso(plan.starts_on), "ends_on": _iso(plan.ends_on)},
        "tasks": {str(task.pk): snapshot_of_task(task) for task in tasks},
    }


def snapshot_of_task(task: Task) -> dict[str, Any]:
    """One task in plain values."""
    return {
        "title": task.title,
        "description": task.description,
        "lead_unit": task.lead_unit.code if task.lead_unit else None,
        "supporting_units": sorted(unit.code for unit in task.supporting_units.all()),
        "leader": str(task.leader_id) if task.leader_id else None,
        "product": task.product,
        "starts_on": _iso(task.starts_on),
        "due_on": _iso(task.due_on),
        "indicators": list(task.indicators),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def load_plan(data: dict[str, Any]) -> Plan:
    """Load a published plan from `data/plans/*.yaml`, in force, with its source. Again: nothing is changed.

    What the source does not state (lead unit, due day) stays open. A loaded plan was approved outside, so it has no
    approver here; the source stands for it.
    """
    found = Plan.objects.filter(key=data["key"]).first()
    if found:
        return found
    plan = Plan.objects.create(
        key=data["key"],
        unit=Unit.objects.get(code=data["unit"]),
        state=PlanState.IN_FORCE,
        **{name: data[name] for name in ("number", "issued_on", "title", "basis", "source")},
        starts_on=data.get("starts_on"),
        ends_on=data.get("ends_on"),
    )
    for position, row in enumerate(data["tasks"], 1):
        units = {unit.code: unit for unit in Unit.objects.filter(code__in=[row.get("lead_unit")])}
        Task.objects.create(
            plan=plan,
            position=position,
            title=row["title"],
            description=row.get("description", ""),
            product=row.get("product", ""),
            lead_unit=units.get(row.get("lead_unit")),
            starts_on=row.get("starts_on"),
            due_on=row.get("due_on"),
        )
    plan.baseline = snapshot(plan)
    plan.save(update_fields=["baseline"])
    journal.write("plan.loaded", plan, source=plan.source, tasks=len(data["tasks"]))
    return plan

"""Who may do what to plans and tasks. The verbs ask these gates; pages ask them too, to offer only what is possible."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import NotAllowed, Refusal, TwoEyes
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import ChangeRequest, Plan, Task
from ..rules import OPEN_TO_WRITING


class Fixed(Refusal):
    """The plan is not open to writing in its state."""

    code = "fixed"
    says = _("Kế hoạch đang ở trạng thái “%(state)s” nên không sửa trực tiếp được. Nếu đã duyệt, hãy xin đổi.")


class NotInForce(Refusal):
    """Work is entered only while the plan is being carried out."""

    code = "not-in-force"
    says = _("Kế hoạch đang ở trạng thái “%(state)s”, chưa hoặc không còn thực hiện.")


def approving_unit(plan: Plan) -> Unit:
    """Where a plan is approved: at the unit whose task it answers; its own unit when there is no plan above."""
    return plan.answers.plan.unit if plan.answers else plan.unit


def may_write(person: Any, plan: Plan) -> bool:
    """Write and submit, at the plan's unit."""
    return may(person, May.PLAN, plan.unit)


def may_approve(person: Any, plan: Plan) -> bool:
    """Approve or return, at the unit above (or above it)."""
    return may(person, May.APPROVE_PLAN, approving_unit(plan))


def wrote(person: Person, plan: Plan) -> bool:
    """Whether the person ever wrote or sent in any of it."""
    return plan.writers.filter(pk=person.pk).exists()


def may_work_on(person: Any, task: Task) -> bool:
    """Complete and reopen: the lead unit, or the unit whose plan it is."""
    units = [task.plan.unit, *([task.lead_unit] if task.lead_unit else [])]
    return any(may(person, May.PLAN, unit) for unit in units)


def may_contribute(person: Any, task: Task) -> bool:
    """Notes and products: also the supporting units."""
    return may_work_on(person, task) or any(may(person, May.PLAN, unit) for unit in task.supporting_units.all())


def may_take_back(person: Person, request: ChangeRequest) -> bool:
    """Take back a change one asked for: while one may still ask for it."""
    asks = may_write(person, request.plan) or (request.task is not None and may_work_on(person, request.task))
    return request.by_id == person.pk and asks


def need(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed


def need_second(person: Person, plan: Plan) -> None:
    """Raise NotAllowed or TwoEyes unless the person may decide about the plan."""
    need(may_approve(person, plan))
    if wrote(person, plan):
        raise TwoEyes


def need_open(plan: Plan) -> None:
    """Raise Fixed unless the plan may be written in."""
    if plan.state not in OPEN_TO_WRITING:
        raise Fixed(state=plan.get_state_display())


def need_in_force(plan: Plan) -> None:
    """Raise NotInForce unless the plan is being carried out."""
    if plan.state != Plan.State.IN_FORCE:
        raise NotInForce(state=plan.get_state_display())

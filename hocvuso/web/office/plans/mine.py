"""What of plans waits for a person: the lists that “Việc của tôi” shows."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Person
from hocvuso.plans.models import Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import PlanState, TaskState

from .. import today

TONES = {TaskState.LATE: "warn", TaskState.AT_RISK: "risk"}


@today.listed(_("Nhiệm vụ muộn hoặc sắp đến hạn"), more=reverse_lazy("plan-board", query={"cua-toi": 1}), order=10)
def urgent(person: Person) -> list[today.Row]:
    """Tasks that my units lead, or that I am in charge of."""
    day = timezone.localdate()
    return [
        today.Row(t.title, reverse("task", args=[t.pk]), t.due_on, TONES.get(t.state_on(day), ""), t.reason_on(day))
        for t in queries.urgent_tasks(person, day)[: today.SHOWN]
    ]


@today.listed(_("Kế hoạch chờ tôi duyệt"), more=reverse_lazy("plans", query={"trang-thai": "submitted"}), order=20)
def awaiting(person: Person) -> list[today.Row]:
    """Plans submitted to me, that I neither wrote nor sent in."""
    return [_row(plan, str(plan.unit)) for plan in queries.awaiting(person)[: today.SHOWN]]


@today.listed(_("Đề nghị đổi chờ tôi trả lời"), more=reverse_lazy("plan-changes"), order=21)
def changes(person: Person) -> list[today.Row]:
    """Change requests that I may decide."""
    return [
        today.Row(request.title, reverse("plan-change", args=[request.pk]), note=str(request.plan.unit))
        for request in queries.changes_to_decide(person)[: today.SHOWN]
    ]


@today.listed(_("Kế hoạch cần soạn hoặc sửa"), order=30)
def to_mend(person: Person) -> list[today.Row]:
    """Plans of my units that were returned, or are drafts."""
    return [_row(plan, _why(plan)) for plan in queries.to_mend(person)[: today.SHOWN]]


def _row(plan: Plan, note: str) -> today.Row:
    tone = "warn" if plan.state == PlanState.RETURNED else ""
    return today.Row(plan.title, reverse("plan", args=[plan.pk]), plan.ends_on, tone, note)


def _why(plan: Plan) -> str:
    if plan.state == PlanState.RETURNED:
        return _t("bị trả lại: %(note)s") % {"note": plan.note}
    return str(plan.get_state_display())

"""What of plans waits for a person: the lists that “Việc của tôi” shows."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from hocvuso.people.models import Person
from hocvuso.plans.models import Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import PlanState, TaskState

from ...kit.subjects import ROWS, WorkItem

TONES = {TaskState.LATE: "warn", TaskState.AT_RISK: "risk"}


def urgent(person: Person) -> list[WorkItem]:
    """Tasks that my units lead, or that I am in charge of."""
    day = timezone.localdate()
    return [
        WorkItem(t.title, reverse("task", args=[t.pk]), t.due_on, TONES.get(t.state_on(day), ""), t.reason_on(day))
        for t in queries.urgent_tasks(person, day)[:ROWS]
    ]


def awaiting(person: Person) -> list[WorkItem]:
    """Plans submitted to me, that I neither wrote nor sent in."""
    return [_row(plan, str(plan.unit)) for plan in queries.awaiting(person)[:ROWS]]


def changes(person: Person) -> list[WorkItem]:
    """Change requests that I may decide."""
    return [
        WorkItem(request.title, reverse("plan-change", args=[request.pk]), note=str(request.plan.unit))
        for request in queries.changes_to_decide(person)[:ROWS]
    ]


def to_mend(person: Person) -> list[WorkItem]:
    """Plans of my units that were returned, or are drafts."""
    return [_row(plan, _why(plan)) for plan in queries.to_mend(person)[:ROWS]]


def _row(plan: Plan, note: str) -> WorkItem:
    tone = "warn" if plan.state == PlanState.RETURNED else ""
    return WorkItem(plan.title, reverse("plan", args=[plan.pk]), plan.ends_on, tone, note)


def _why(plan: Plan) -> str:
    if plan.state == PlanState.RETURNED:
        return _t("bị trả lại: %(note)s") % {"note": plan.note}
    return str(plan.get_state_display())

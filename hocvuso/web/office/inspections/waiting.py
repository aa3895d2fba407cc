"""What of inspections waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from hocvuso.inspections import queries
from hocvuso.inspections.models import Visit
from hocvuso.inspections.rules import InspectionState, VisitState
from hocvuso.people.models import Person

from ...kit.subjects import ROWS, WorkItem


def conclusions_waiting(person: Person) -> list[WorkItem]:
    """Conclusions that somebody else wrote and that I may issue."""
    now = timezone.localdate()
    rows = queries.conclusions_waiting_for(person).select_related("unit")[:ROWS]
    return [
        WorkItem(
            str(row),
            reverse("inspection", args=[row.pk]),
            due=row.ends_on,
            tone="warn" if row.ends_on and row.ends_on < now else "",
            note=str(row.unit),
        )
        for row in rows
    ]


def visits_to_make(person: Person) -> list[WorkItem]:
    """Open visits that one is to make."""
    open_ = Visit.objects.to_make_by(person).filter(inspection__state=InspectionState.RUNNING, state=VisitState.OPEN)
    found = open_.select_related("unit", "inspection")
    return [
        WorkItem(str(v.unit), reverse("visit", args=[v.pk]), due=v.inspection.ends_on, note=v.inspection.title)
        for v in found.order_by("inspection__ends_on", "unit__path")[:ROWS]
    ]


def remedies_waiting(person: Person) -> list[WorkItem]:
    """Remedies that wait for one's unit, and reports that wait for one's confirmation."""
    found = queries.remedies_waiting_for(person).select_related("finding__visit__unit", "task")[:ROWS]
    now = timezone.localdate()
    return [
        WorkItem(
            r.task.title,
            reverse("finding", args=[r.finding_id]),
            due=r.task.due_on,
            tone="warn" if r.waits_for_unit and r.task.due_on and r.task.due_on < now else "",
            note=f"{r.finding.visit.unit} · {r.get_state_display()}",
        )
        for r in found
    ]

"""What of consultations waits for a decision, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from hocvuso.consultations import queries
from hocvuso.people.models import Person

from ...kit.subjects import ROWS, WorkItem


def reports_to_make(person: Person) -> list[WorkItem]:
    """Consultations whose answers somebody else closed and that I may report."""
    rows = queries.reports_waiting_for(person).select_related("unit")[:ROWS]
    return [WorkItem(str(row), reverse("consultation", args=[row.pk]), note=str(row.unit)) for row in rows]


def invitations_waiting(person: Person) -> list[WorkItem]:
    """Invitations that one's own units have not answered yet."""
    found = queries.invitations_waiting_for(person).select_related("consultation__unit")[:ROWS]
    now = timezone.localdate()
    return [
        WorkItem(
            i.consultation.title,
            reverse("invitation", args=[i.pk]),
            due=i.due_on,
            tone="warn" if i.due_on < now else "",
            note=str(i.consultation.unit),
        )
        for i in found
    ]

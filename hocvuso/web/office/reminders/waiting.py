"""Unread urgings, on “Việc của tôi”."""

from __future__ import annotations

from django.utils import timezone

from hocvuso.people.models import Person
from hocvuso.reminders.models import Reminder

from ...kit.subjects import WorkItem


def urged(person: Person) -> list[WorkItem]:
    """What I was urged on and have not read, each thing once."""
    rows = Reminder.objects.unread().filter(person=person).select_related("unit").order_by("due_on", "-told_at")[:60]
    once = {(row.kind, row.subject_id): row for row in rows}
    now = timezone.localdate()
    return [
        WorkItem(
            f"{row.title} · {row.unit}",
            row.url,
            due=row.due_on,
            tone="warn" if row.due_on < now else "",
            note=row.note,
        )
        for row in once.values()
    ]

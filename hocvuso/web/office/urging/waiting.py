"""Unread urgings, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Person
from hocvuso.reminders.models import Urging

from .. import today


@today.listed(_("Được đôn đốc"), more=reverse_lazy("urge-inbox"), order=10)
def urged(person: Person) -> list[today.Row]:
    """What I was urged on and have not read, each thing once."""
    rows = Urging.objects.unread().filter(person=person).select_related("unit").order_by("due_on", "-told_at")[:60]
    once = {(row.kind, row.subject_id): row for row in rows}
    now = timezone.localdate()
    return [
        today.Row(
            f"{row.title} · {row.unit}",
            row.url,
            due=row.due_on,
            tone="warn" if row.due_on < now else "",
            note=row.note,
        )
        for row in once.values()
    ]

"""Jobs of a person, on “Việc của tôi”: what waits or runs, and what ended within a day."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hocvuso.jobs.models import Job
from hocvuso.jobs.services import LIVING
from hocvuso.people.models import Person

from ...kit.long_work import title_of
from ...kit.subjects import ROWS, WorkItem

FRESH = timedelta(days=1)
TONES: dict[str, str] = {Job.State.DONE: "good", Job.State.FAILED: "warn"}


def living(person: Person) -> list[WorkItem]:
    """The latest first; `note` says how it stands."""
    fresh = Q(state__in=LIVING) | Q(ended_at__gt=timezone.now() - FRESH)
    rows = Job.objects.filter(fresh, by_id=person.pk).order_by("-created_at")[:ROWS]
    return [
        WorkItem(
            title_of(row),
            reverse("job", args=[row.pk]),
            tone="warn" if row.faults else TONES.get(row.state, ""),
            note=_note(row),
        )
        for row in rows
    ]


def _note(row: Job) -> str:
    return (
        f"{row.get_state_display()} · {row.percent} %"
        if row.percent is not None and not row.is_over
        else str(row.get_state_display())
    )

"""What of pledges waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse

from hocvuso.people.models import Person
from hocvuso.resources.queries import to_verify

from ...kit.subjects import ROWS, WorkItem


def pledges_to_verify(person: Person) -> list[WorkItem]:
    """Pledges that somebody else offered, and of which I say whether it is so."""
    rows = to_verify(person).select_related("unit")[:ROWS]
    return [WorkItem(str(row), reverse("pledge", args=[row.pk]), note=str(row.unit)) for row in rows]

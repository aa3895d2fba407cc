"""What of documents waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse

from hocvuso.documents.queries import to_issue
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.choosing import own_units
from ...kit.subjects import ROWS, WorkItem


def documents_to_issue(person: Person) -> list[WorkItem]:
    """Drafts with a signer, of units for which I act, that somebody else wrote."""
    rows = to_issue(person, own_units(person, May.APPROVE_PLAN))[:ROWS]
    return [WorkItem(row.title, reverse("document", args=[row.pk]), note=str(row.unit)) for row in rows]

"""What of documents waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.documents.queries import to_issue
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from .. import today
from ..choosing import own_units


@today.listed(_("Văn bản chờ ban hành"), more=reverse_lazy("documents"), order=35)
def documents_to_issue(person: Person) -> list[today.Row]:
    """Drafts with a signer, of units for which I act, that somebody else wrote."""
    rows = to_issue(person, own_units(person, May.APPROVE_PLAN))[: today.SHOWN]
    return [today.Row(row.title, reverse("document", args=[row.pk]), note=str(row.unit)) for row in rows]

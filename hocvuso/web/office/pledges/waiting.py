"""What of pledges waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models import Person
from hocvuso.resources.queries import to_verify

from .. import today


@today.listed(_("Đóng góp chờ xác minh"), more=reverse_lazy("pledges", query={"trang-thai": "offered"}), order=40)
def pledges_to_verify(person: Person) -> list[today.Row]:
    """Pledges that somebody else offered, and of which I say whether it is so."""
    rows = to_verify(person).select_related("unit")[: today.SHOWN]
    return [today.Row(str(row), reverse("pledge", args=[row.pk]), note=str(row.unit)) for row in rows]

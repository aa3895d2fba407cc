"""What of inspections waits for a decision, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.inspections.queries import conclusions_waiting_for
from hocvuso.people.models import Person

from .. import today


@today.listed(
    _("Kết luận kiểm tra chờ ban hành"), more=reverse_lazy("inspections", query={"trang-thai": "running"}), order=26
)
def conclusions_waiting(person: Person) -> list[today.Row]:
    """Conclusions that somebody else wrote and that I may issue."""
    now = timezone.localdate()
    rows = conclusions_waiting_for(person).select_related("unit")[: today.SHOWN]
    return [
        today.Row(
            str(row),
            reverse("inspection", args=[row.pk]),
            due=row.ends_on,
            tone="warn" if row.ends_on and row.ends_on < now else "",
            note=str(row.unit),
        )
        for row in rows
    ]

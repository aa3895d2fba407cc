"""What residents wait for, on “Việc của tôi”."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.movement.queries.requests import on_the_desk
from hocvuso.people.models import Person

from .. import today


@today.listed(_("Người dân đang chờ giúp"), more="/dieu-hanh/yeu-cau/", order=15)
def requests_waiting(person: Person) -> list[today.Row]:
    """Open requests at my units, the most pressing first."""
    now = timezone.localdate()
    return [
        today.Row(
            f"{row.get_topic_display()} · {row.unit}",
            f"/dieu-hanh/yeu-cau/{row.pk}/",
            due=row.due_on,
            tone="warn" if row.is_late(now) else "",
        )
        for row in on_the_desk(person)[: today.SHOWN]
    ]

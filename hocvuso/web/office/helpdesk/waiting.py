"""What residents wait for, on “Việc của tôi”."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hocvuso.helpdesk.queries import on_the_desk
from hocvuso.people.models import Person
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.choosing import own_units
from ...kit.subjects import ROWS, WorkItem


def requests_waiting(person: Person) -> list[WorkItem]:
    """Open requests at units for which I act myself and at their digital teams, the most pressing first."""
    now, own = timezone.localdate(), own_units(person, May.HELP)
    near = Q(unit__in=own) | Q(unit__kind=Unit.Kind.DIGITAL_TEAM, unit__parent__in=own)
    return [
        WorkItem(
            f"{row.get_topic_display()} · {row.unit}",
            reverse("resident-request", args=[row.pk]),
            due=row.due_on,
            tone="warn" if row.is_late(now) else "",
        )
        for row in on_the_desk(person).filter(near)[:ROWS]
    ]

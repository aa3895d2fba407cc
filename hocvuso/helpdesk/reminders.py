"""Residents' requests that have a due day may be reminded of."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.reminders.sources import Source, register

from .models import ResidentRequest
from .rules import Topic


def _titled(topic: str) -> tuple[str, UUID | None]:
    """By topic only: a message never carries the words of a resident."""
    return _t("Người dân chờ giúp: %(topic)s") % {"topic": Topic(topic).label}, None


register(
    Source(
        kind="request",
        label=_("yêu cầu của người dân"),
        noun="resident-request",
        rows=lambda: ResidentRequest.objects.open().filter(due_on__isnull=False),
        unit="unit",
        fields=("topic",),
        titled=_titled,
        order=40,
    )
)

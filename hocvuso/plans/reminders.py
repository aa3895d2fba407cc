"""Tasks may be reminded of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.reminders.sources import Source, register

from .models import Plan, Task

register(
    Source(
        kind="task",
        label=_("nhiệm vụ"),
        noun="task",
        rows=lambda: Task.objects.owed(Plan.Kind.PLAN),
        unit="lead_unit",
        fields=("title", "in_charge"),
        titled=lambda title, leader: (title, leader),
        order=10,
    )
)

"""Remedies that an inspection asked for may be reminded of, each by its task."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.plans.models import Plan, Task
from hocvuso.reminders.sources import Source, register

register(
    Source(
        kind="remedy",
        label=_("việc khắc phục sau kiểm tra"),
        noun="task",
        rows=lambda: Task.objects.owed(Plan.Kind.REMEDIES),
        unit="lead_unit",
        fields=("title", "in_charge"),
        titled=lambda title, leader: (title, leader),
        order=30,
    )
)

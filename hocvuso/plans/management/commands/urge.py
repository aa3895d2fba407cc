"""Run by the clock (every quarter of an hour will do): reports opened that are due to open, people urged."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hocvuso.plans.services.regimes import open_due
from hocvuso.plans.services.urging_run import run


class Command(BaseCommand):
    """`hocvuso manage urge`."""

    help = "Open the reports of periods that begin to be due, and urge by the rules; run it every 15 minutes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do both and say what was done."""
        now = timezone.now()
        opened = open_due(timezone.localdate(now))
        ran = run(now)
        self.stdout.write(f"opened {opened}, told {ran.told}, closed {ran.over}, queued {ran.queued}, "
                          f"sent {ran.sent}, not taken {ran.failed}")  # fmt: skip

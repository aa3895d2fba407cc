"""`hocvuso manage cleanup`."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from hocvuso.people.services import cleanup


class Command(BaseCommand):
    """Deletes what need not be kept; meant for a timer, once a day."""

    help = "deletes codes and requests that are too old, and counters of rate limits that count no more"

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Delete, and say how many rows went."""
        self.stdout.write(str(cleanup.clean_up()))

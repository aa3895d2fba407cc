"""`hocvuso manage cleanup`."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from hocvuso.privacy import keeping


class Command(BaseCommand):
    """Deletes what need not be kept; meant for a timer, once a day."""

    help = "deletes what is kept no longer, each kind at its time"

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Delete, and say how many rows went."""
        self.stdout.write(str(keeping.run()))

"""`hocvuso manage roll_up`: count what came in; for a timer, say every five minutes, and once a night with --full."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hocvuso.indicators import services


class Command(BaseCommand):
    """Roll up the records of all measures, or of one."""

    help = "counts what was stored since the last time; --full counts everything again, --examine looks for doubts"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--measure", default=None)
        parser.add_argument("--full", action="store_true")
        parser.add_argument("--examine", metavar="PERIOD", help="file data-quality flags for a period, such as 2026-10")

    def handle(self, **options: Any) -> None:
        """Print how many days were counted, and how many flags were filed."""
        days = services.roll_up(measure=options["measure"], full=options["full"])
        self.stdout.write(f"{days} days counted")
        if options["examine"]:
            self.stdout.write(f"{services.check_quality(period=options['examine'])} flags filed")

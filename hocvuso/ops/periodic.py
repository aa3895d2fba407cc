"""What is to be done again and again: by `hocvuso periodic` from a timer, or by `hocvuso serve` itself."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from hocvuso.base import outbox
from hocvuso.base.events import deliver_pending
from hocvuso.indicators import services as indicators
from hocvuso.people.services import cleanup
from hocvuso.plans.services import planning, working
from hocvuso.reminders.services import notices
from hocvuso.reminders.services import run as reminders
from hocvuso.reports.services import regimes

log = logging.getLogger(__name__)


def run() -> int:
    """Do all of it once; what fails is said and does not hold up the rest. Again is harmless."""
    now = timezone.now()
    today = timezone.localdate(now)
    rounds: list[tuple[str, Callable[[], object]]] = [
        ("events", deliver_pending),
        ("plans in force", lambda: planning.start_due(today=today)),
        ("tasks due", lambda: working.settle_due(today)),
        ("reports opened", lambda: regimes.open_due(today)),
        ("reminders", lambda: reminders.run(now).told),
        ("outbox", lambda: outbox.send_due().sent),
        ("figures", indicators.roll_up),
        ("quality checks", lambda: indicators.check_quality_daily(today=today)),
        ("cleanup", lambda: cleanup.clean_up() + notices.clean_up(now)),
    ]
    return 1 if sum(_do(name, work) for name, work in rounds) else 0


def _do(name: str, work: Callable[[], object]) -> int:
    try:
        print(f"  {name}: {work()}", flush=True)
        return 0
    except Exception:  # one task's fault must not keep the others from their turn
        log.exception("periodic work failed", extra={"task": name})
        return 1


def run_beside_serving() -> None:
    """Do it every HOCVUSO_TEND_MINUTES minutes in a process of its own, so that no page waits for it."""
    minutes = settings.ENV["HOCVUSO_TEND_MINUTES"]
    if minutes:
        threading.Thread(target=_keep_running, args=(minutes * 60,), daemon=True).start()


def _keep_running(seconds: int) -> None:
    while True:
        time.sleep(seconds)
        subprocess.run([sys.executable, "-m", "hocvuso", "periodic"], stdout=subprocess.DEVNULL, check=False)

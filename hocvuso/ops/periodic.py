"""What is to be done again and again: by `hocvuso periodic` from a timer, or by `hocvuso serve` itself."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from hocvuso.base import marks, outbox
from hocvuso.base.events import deliver_pending
from hocvuso.indicators import services as indicators
from hocvuso.people.services import cleanup
from hocvuso.plans.services import planning, working
from hocvuso.reminders.services import notices
from hocvuso.reminders.services import run as reminders
from hocvuso.reports.services import regimes

log = logging.getLogger(__name__)


WORK, SETUP = "work:", "setup"  # marks: how a work went last; when the site was set up
WORKS: dict[str, Callable[[datetime], object]] = {
    "events": lambda _now: deliver_pending(),
    "plans in force": lambda now: planning.start_due(today=timezone.localdate(now)),
    "tasks due": lambda now: working.settle_due(timezone.localdate(now)),
    "reports opened": lambda now: regimes.open_due(timezone.localdate(now)),
    "reminders": lambda now: reminders.run(now).told,
    "outbox": lambda _now: outbox.send_due().sent,
    "figures": lambda _now: indicators.roll_up(),
    "quality checks": lambda now: indicators.check_quality_daily(today=timezone.localdate(now)),
    "cleanup": lambda now: cleanup.clean_up() + notices.clean_up(now),
}
LONGEST_MINUTES = 30  # of one work: what hangs must not keep the others from their turn
LONGEST = {"figures": 240, "quality checks": 240}  # these count a whole country


class TooLong(Exception):
    """A work was stopped because it took longer than it may."""


def run() -> int:
    """Do all of it once; what fails is said and does not hold up the rest. Again is harmless."""
    now = timezone.now()
    return 1 if sum(_do(name, partial(work, now)) for name, work in WORKS.items()) else 0


def _do(name: str, work: Callable[[], object]) -> int:
    try:
        with _no_longer_than(LONGEST.get(name, LONGEST_MINUTES) * 60):
            told = work()
        print(f"  {name}: {told}", flush=True)
        marks.write(WORK + name, ok=timezone.now().isoformat())
        return 0
    except Exception as fault:  # one task's fault must not keep the others from their turn
        log.exception("periodic work failed", extra={"task": name})
        _remember_fault(name, f"{type(fault).__name__}: {fault}"[:300])
        return 1


def _remember_fault(name: str, fault: str) -> None:
    try:
        marks.write(WORK + name, **{**marks.read(WORK + name), "error": fault})
    except DatabaseError:
        log.exception("periodic work not remembered", extra={"task": name})


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    """Raises TooLong in what runs longer. Only a process's main thread can be stopped so; elsewhere there is no end."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooLong(f"longer than {seconds / 60:g} minutes")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_beside_serving() -> None:
    """Do it every HOCVUSO_TEND_MINUTES minutes in a process of its own, so that no page waits for it."""
    minutes = settings.ENV["HOCVUSO_TEND_MINUTES"]
    if minutes:
        threading.Thread(target=_keep_running, args=(minutes * 60,), daemon=True).start()


def _keep_running(seconds: int) -> None:
    while True:
        time.sleep(seconds)
        subprocess.run([sys.executable, "-m", "hocvuso", "periodic"], stdout=subprocess.DEVNULL, check=False)

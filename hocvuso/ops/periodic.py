"""What is to be done again and again: by `hocvuso periodic` from a timer, or by `hocvuso serve` itself."""

from __future__ import annotations

import fcntl
import logging
import os
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
from django.db import DatabaseError, connections
from django.utils import timezone

from hocvuso.base import marks, outbox, tally
from hocvuso.base.events import deliver_pending
from hocvuso.base.marks import WORK
from hocvuso.indicators import services as indicators
from hocvuso.learning import services as learning
from hocvuso.learning.services import calling
from hocvuso.plans.services import planning, working
from hocvuso.privacy import keeping
from hocvuso.privacy import services as privacy
from hocvuso.reminders.services import run as reminders
from hocvuso.reports.services import regimes

from . import worker

log = logging.getLogger(__name__)


SETUP = "setup"  # mark: when the site was set up
WORKS: dict[str, Callable[[datetime], object]] = {
    "events": lambda _now: deliver_pending(),
    "plans in force": lambda now: planning.start_due(today=timezone.localdate(now)),
    "tasks due": lambda now: working.settle_due(timezone.localdate(now)),
    "reports opened": lambda now: regimes.open_due(timezone.localdate(now)),
    "reminders": lambda now: reminders.run(now).told,
    "reviews called": lambda now: calling.call(now),
    "outbox": lambda _now: outbox.send_due().sent,
    "figures": lambda _now: indicators.roll_up(),
    "quality checks": lambda now: indicators.check_quality_daily(today=timezone.localdate(now)),
    "breaches": lambda now: privacy.remind(now),
    "lessons sought": lambda now: learning.count_learners(now),
    "learners nearby": lambda now: learning.count_nearby(now),
    "counts": tally.close,
    "cleanup": lambda now: keeping.end_all(now),
    "jobs": lambda _now: worker.drain(),
}
LONGEST_MINUTES = 30  # of one work: what hangs must not keep the others from their turn
GRACE = 20.0  # seconds after which a work that does not stop is ended
LONGEST = {"figures": 240, "quality checks": 240}  # these count a whole country


PATIENCE = 60.0  # seconds for which the next work waits for one before it begins beside it


class TooLong(BaseException):
    """A work was stopped because it took longer than it may. No fault of a row: whoever isolates rows lets it pass."""


def run() -> int:
    """Do all of it once; what fails is said and does not hold up the rest. Again is harmless."""
    now = timezone.now()
    return 1 if sum(_do(name, partial(work, now)) for name, work in WORKS.items()) else 0


def run_apart() -> int:
    """The same, each work in a process of its own. One that is slow goes on beside the others, one whose time is over
    is ended whatever it hangs in, and one that another round still does is left to it.
    """
    going: dict[int, tuple[str, float]] = {}
    failed = 0
    for name in WORKS:
        process = _begin(name)
        going[process] = name, time.monotonic() + _seconds(name)
        end = time.monotonic() + PATIENCE
        while process in going and time.monotonic() < end:
            failed += _ended(going)
    while going:
        failed += _ended(going)
    return 1 if failed else 0


def _begin(name: str) -> int:
    """The id of a process that does this work."""
    connections.close_all()
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        with _alone(name) as alone:
            status = _do(name, partial(WORKS[name], timezone.now())) if alone else 0
    finally:
        sys.stdout.flush()
        os._exit(status)


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether no other process of this machine does the work."""
    folder = settings.DATA / "periodic"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name.replace(' ', '-')}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  {name}: still being done", flush=True)
            yield False
            return
        yield True


def _ended(going: dict[int, tuple[str, float]]) -> int:
    """Take those that have ended off the list, and end those whose time is over; how many failed."""
    time.sleep(0.02)
    failed = 0
    for process, (name, end) in list(going.items()):
        over = time.monotonic() > end + GRACE
        if over:
            os.kill(process, signal.SIGKILL)
        ended, status = os.waitpid(process, 0 if over else os.WNOHANG)
        if not ended:
            continue
        del going[process]
        failed += bool(status)
        if os.WIFSIGNALED(status):  # it could not say so itself
            by = signal.Signals(os.WTERMSIG(status)).name
            _remember_fault(name, f"hung for {_seconds(name) / 60:g} minutes" if over else f"its process ended by {by}")
    return failed


def _seconds(name: str) -> float:
    return LONGEST.get(name, LONGEST_MINUTES) * 60


def _do(name: str, work: Callable[[], object]) -> int:
    try:
        with _no_longer_than(_seconds(name)):
            told = work()
        print(f"  {name}: {told}", flush=True)
        marks.write(WORK + name, ok=timezone.now().isoformat())
        return 0
    except (Exception, TooLong) as fault:  # one task's fault must not keep the others from their turn
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
    """Raises TooLong in what runs longer, if it is Python that runs. Only a process's main thread can be stopped so."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooLong(f"longer than {seconds / 60:g} minutes")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE / 2)  # once more where something held it up
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
    """A round that waits for a slow work holds up no later one."""
    rounds: list[subprocess.Popen[bytes]] = []
    while True:
        time.sleep(seconds)
        rounds = [one for one in rounds if one.poll() is None]
        if len(rounds) < len(WORKS):
            rounds.append(subprocess.Popen([sys.executable, "-m", "hocvuso", "periodic"], stdout=subprocess.DEVNULL))

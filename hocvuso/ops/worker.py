"""The worker: takes jobs one after the other, each in a process of its own (`jobs/services.py` says what a job is).

One worker works on a data folder. It says every few seconds that it is at it and how far; it ends a job that takes too
long, that was cancelled, or whose process is no more. `hocvuso serve` begins a worker when a job is asked for, and
again when it broke off; `hocvuso periodic` takes what is left over.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from django.db import OperationalError, close_old_connections, connections
from django.utils import timezone

from hocvuso.base.processes import die_with, hold_back
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job

log = logging.getLogger(__name__)
_fork = get_context("fork")  # of a process without threads; Django with all its rooms is loaded once
BEAT = 1.0  # seconds between two words to the database
TELL = 0.3  # seconds between two words of a job to its worker
IDLE = 90.0  # seconds without a job after which a worker ends; longer than `jobs.LOST`
LOOK = 1.0  # seconds between two looks for work
LONGEST_PAUSE = 60.0  # seconds before a worker that ends again and again is begun anew


def work(*, beside: int = 0) -> int:
    """Do jobs until there was none for a while; nothing where another worker is at it. `beside`: whose child it is."""
    if beside:
        die_with(beside)
    with _alone() as alone:
        end = time.monotonic() + IDLE
        while alone and time.monotonic() < end:
            close_old_connections()
            if _do_next():
                end = time.monotonic() + IDLE
            else:
                time.sleep(LOOK)
    return 0


def drain(*, seconds: float = 1200) -> int:
    """Do the jobs that wait, beginning none after so many seconds; returns how many, none where a worker is at it."""
    done, end = 0, time.monotonic() + seconds
    with _alone() as alone:
        while alone and time.monotonic() < end and _do_next():
            done += 1
    return done


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the one worker of the data folder."""
    jobs.folder().mkdir(parents=True, exist_ok=True)
    with (jobs.folder() / "worker").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _do_next() -> bool:
    jobs.take_lost(timezone.now())
    job = jobs.take(f"{socket.gethostname()}:{os.getpid()}")
    if job:
        _watch(job)
    return job is not None


def _watch(job: Job) -> None:
    """Let a process do the job, and see that it comes to an end."""
    here, there = _fork.Pipe(duplex=False)
    connections.close_all()  # a connection is of one process
    process = _fork.Process(target=_do, args=(job, there, os.getpid()))
    process.start()
    there.close()
    try:
        late = _follow(job, process, here)
    finally:
        process.kill()
        process.join()
        here.close()
    if late or process.exitcode:
        jobs.break_off(job, f"its process ended with {process.exitcode}", late=late)


def _follow(job: Job, process: ForkProcess, here: Connection) -> bool:
    """Say how it goes until it is over, or not this worker's any more. Whether it took too long."""
    known = jobs.kinds().get(job.kind)
    end = time.monotonic() + (known.minutes * 60 if known else BEAT)
    done = total = 0
    while not wait([process.sentinel], timeout=BEAT):
        with suppress(EOFError):
            while here.poll():
                done, total = here.recv()
        if time.monotonic() > end:
            return True
        try:
            if not jobs.beat(job, done, total):
                return False
        except OperationalError:  # the database is busy, maybe with this very job
            log.info("no word of a job", extra={"job": str(job.pk)})
    return False


def _do(job: Job, there: Connection, parent: int) -> None:
    """In the process of one job."""
    die_with(parent)
    hold_back()
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL or done == total:
            last = time.monotonic()
            there.send((done, total))

    jobs.do(job, tell)


def run_beside_serving() -> None:
    """Begin a worker whenever a job was asked for, and again when it broke off."""
    threading.Thread(target=_keep_working, daemon=True).start()


def _keep_working() -> None:
    pause, seen = 0.0, -1.0
    while True:
        asked = _asked_at()
        if asked == seen:
            time.sleep(LOOK)
            continue
        seen = asked
        process = subprocess.run(
            [sys.executable, "-m", "hocvuso", "work", "--beside", str(os.getpid())],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if process.returncode:
            pause, seen = min(pause * 2 or 1.0, LONGEST_PAUSE), -1.0
            log.error("the worker ended", extra={"status": process.returncode, "pause": pause})
            time.sleep(pause)
        else:
            pause = 0.0


def _asked_at() -> float:
    """When a job was asked for last."""
    try:
        return jobs.wake_file().stat().st_mtime
    except OSError:
        return 0.0

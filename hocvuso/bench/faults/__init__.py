"""Faults under measure: while learners, officers and programs act, everything goes wrong that can; then it is counted.

What was acknowledged is there exactly once, what is concluded and counted equals a rebuild, and no page waited long
behind somebody else's fault. A seed makes the same faults in the same order; when they fall differs from run to run.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from ..client import request_of
from ..figures import Figure
from ..learner import LESSON
from ..site import Site, SiteFailed, fresh_site
from . import acts
from .kinds import LINES, MACHINE, Machine, Trickling, one_after_another

LONGEST_WAIT = 2.0  # seconds that a page may wait behind a fault of somebody else
DISK = 700 << 20  # bytes of the disk that is filled
WATCHED = ("/healthz", "/", LESSON, "/tim/?q=lua", "/tai-khoan/dang-nhap/")


@dataclass(frozen=True)
class Counts:
    """How many faults of lines, how many of the machine, who acts, and the seed of chance."""

    lines: int = 850
    machine: int = 170
    abusers: int = 3
    learners: int = 20
    officers: int = 4
    seed: int = 8


FULL = Counts()


def measure(counts: Counts = FULL, *, postgresql: bool = False) -> list[Figure]:
    """All figures of one run."""
    gateway = Trickling()
    sms = {"HOCVUSO_SMS_URL": f"http://127.0.0.1:{gateway.port}/", "HOCVUSO_TEND_MINUTES": "1"}
    with ExitStack() as open_:
        disk = open_.enter_context(_disk())
        site = open_.enter_context(fresh_site(postgresql=postgresql, within=disk, **sms))
        site.run("hocvuso", "publish", str(settings.CONTENT / "ky-nang-so-thiet-yeu"))
        hand = open_.enter_context(hand_of(site))
        world = hand("world", learners=counts.learners, officers=counts.officers)
        with site.served():
            scene = acts.Scene(site.port, world, lessons_of(site), random.Random(counts.seed))
            machine = Machine(site, scene, hand, disk)
            done, waits = _faults(scene, machine, counts)
        return _figures(scene, machine, done, waits, hand, site)


def _faults(scene: acts.Scene, machine: Machine, counts: Counts) -> tuple[Counter[str], list[tuple[float, float, str]]]:
    """All faults; how many of each kind there were, and how long pages took meanwhile."""
    rng, done = random.Random(counts.seed), Counter[str]()
    of_machine = rng.choices(list(MACHINE), list(MACHINE.values()), k=counts.machine)
    of_lines = rng.choices(list(LINES), list(LINES.values()), k=counts.lines)
    waits: list[tuple[float, float, str]] = []
    with ThreadPoolExecutor(40) as pool:
        everybody = [
            *(pool.submit(acts.keep_acting, scene, acts.statement, 0.3) for _n in range(6)),
            *(pool.submit(acts.keep_acting, scene, make, 0.8) for make in (acts.note, acts.request, acts.values)),
            *(pool.submit(_watch, scene, waits, path) for path in WATCHED),
        ]
        breaking = [pool.submit(one_after_another, machine, of_machine, done)]
        breaking += [pool.submit(_abuse, scene, of_lines[n :: counts.abusers], done) for n in range(counts.abusers)]
        _wait_for(breaking, done, counts)
        scene.over.set()
        for one in (*breaking, *everybody):
            one.result()
    return done, waits


def _wait_for(breaking: list[Any], done: Counter[str], counts: Counts) -> None:
    """Say how far it is, until all faults were."""
    while not all(one.done() for one in breaking):
        print(
            f"\r  {sum(done.values())} of {counts.lines + counts.machine} faults", end="", file=sys.stderr, flush=True
        )
        time.sleep(1)
    print(file=sys.stderr)


def _abuse(scene: acts.Scene, faults: list[Any], done: Counter[str]) -> None:
    for fault in faults:
        fault(scene)
        done[fault.__name__] += 1
        time.sleep(0.05)


def _watch(scene: acts.Scene, waits: list[tuple[float, float, str]], path: str) -> None:
    """Somebody who only reads: when each asking began, how long it took until there was an answer, or none."""
    request = request_of("GET", path, {})
    while not scene.over.is_set():
        began = time.monotonic()
        answer = acts.send(scene, request)
        waits.append((began, time.monotonic() - began, path))
        if answer and answer.status not in (200, 503):
            scene.surprise(f"{path}: {answer.status}")
        time.sleep(0.15)


def _figures(
    scene: acts.Scene, machine: Machine, done: Counter[str], waits: list[Any], hand: Any, site: Site
) -> list[Figure]:
    """What is counted when all is over."""
    total = hand("count", acts=acts.told(scene))
    before = hand("projections"), hand("figures", full=False)
    _rebuild(scene, site, rotten=machine.poisoned > 0)
    after = hand("projections"), hand("figures", full=True)
    broken = hand("journal")
    down = [(began, end) for began, end, name in machine.log if name == Machine.kill_site.__name__]
    served = [wait for wait in waits if not any(began - 2 < wait[0] < end for began, end in down)]
    _tell_of_waits(served, machine)
    for what, many in Counter(scene.surprises + ([broken] if broken else [])).most_common(20):
        print(f"  {many} × {what}", file=sys.stderr)
    acknowledged = [act for found in scene.acts.values() for act in found if act.acknowledged]
    return [
        Figure("faults", sum(done.values()), "faults"),
        *(Figure(f"faults.{name}", many, "faults") for name, many in sorted(done.items())),
        Figure("faults.not_here", machine.impossible, "faults that this machine cannot have"),
        Figure("acknowledged", len(acknowledged), "acts"),
        Figure("unanswered", sum(1 for _act in acts.unfinished(scene)), "acts, of 0 at most", 0),
        Figure("lost", sum(total["lost"].values()), "acts, of 0 at most", 0),
        Figure("twice", sum(total["twice"].values()), "acts, of 0 at most", 0),
        Figure("projections.differ", before[0] != after[0], "of 0 at most", 0),
        Figure("figures.differ", before[1] != after[1], "of 0 at most", 0),
        Figure("journal.broken", bool(broken), "of 0 at most", 0),
        Figure("surprises", len(scene.surprises), "answers, of 0 at most", 0),
        Figure("pages", len(served), "pages"),
        Figure("longest_wait.s", max(wait for _began, wait, _path in served), "s", LONGEST_WAIT),
    ]


def _tell_of_waits(waits: list[Any], machine: Machine) -> None:
    """The longest waits, and what was going on with the machine."""
    for began, wait, path in sorted(waits, key=itemgetter(1))[:-4:-1]:
        meanwhile = {name for start, end, name in machine.log if start < began + wait and end > began}
        print(
            f"  waited {wait:.2f} s for {path}: {', '.join(sorted(meanwhile)) or 'the machine was well'}",
            file=sys.stderr,
        )


def _rebuild(scene: acts.Scene, site: Site, *, rotten: bool) -> None:
    """Conclude everything anew; what cannot be read is said, and is there only when it was put there."""
    try:
        site.run("hocvuso", "rebuild")
    except SiteFailed as fault:
        if not (rotten and "could not be taken: see hocvuso doctor" in str(fault)):
            scene.surprise(str(fault))


def lessons_of(site: Site) -> list[str]:
    """The lessons that can be learned."""
    scene = acts.Scene(site.port, {}, [], random.Random())
    answer = acts.send(scene, request_of("GET", "/api/v1/catalogue", {}))
    if answer is None:
        raise SiteFailed("the site does not answer")
    return [lesson["key"] for programme in json.loads(answer.body)["programmes"] for lesson in programme["lessons"]]


@contextmanager
def hand_of(site: Site) -> Iterator[Any]:
    """The hand inside the installation, as a function."""
    command = [sys.executable, "-m", "hocvuso.bench.faults.hand"]
    lock = threading.Lock()
    with subprocess.Popen(
        command, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def hand(what: str, **arguments: Any) -> Any:
            with lock:
                print(json.dumps([what, arguments]), file=process.stdin, flush=True)
                told = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            if isinstance(told, dict) and "failed" in told:
                raise SiteFailed(f"{what}: {told['failed']}")
            return told

        yield hand
        process.stdin.close()  # type: ignore[union-attr]


@contextmanager
def _disk() -> Iterator[Path | None]:
    """A disk of its own, small enough to be filled; none where this process may not mount one."""
    with TemporaryDirectory(prefix="hocvuso-disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]
        if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=False)

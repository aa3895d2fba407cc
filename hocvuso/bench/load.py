"""A busy morning under measure: a class sits down to a test while a country learns, officers export, a program imports.

Statements are timed from the request to the answer, on lines that stay open, while all the rest is under way. The load
comes from the same machine, so its own work is within the figures. Memory is what the site's processes have together
(proportional set size: what several share counts once).
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings

from .client import Answer, Connection, request_of
from .faults import hand_of, lessons_of
from .faults.acts import FORM, Scene, send
from .figures import Figure
from .learner import JSON, PROGRAMME, worked_through
from .site import Site, fresh_site, tree

EXPORT = "/dieu-hanh/ke-hoach/nhiem-vu/tai.xlsx"
CALM = 3.0  # seconds of learning before the rest begins


@dataclass(frozen=True)
class Counts:
    """How many learn, sit down to a test at once, export; tasks in it, rows of the import; the learners' pace."""

    learners: int = 200
    tests: int = 300
    exports: int = 2
    tasks: int = 20_000
    rows: int = 60_000
    pause: float = 2.0


FULL = Counts()


@dataclass
class Morning:
    """What is seen while it is busy."""

    scene: Scene
    busy: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    calm_times: list[float] = field(default_factory=list)
    busy_times: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    memory: float = 0.0


def measure(counts: Counts = FULL, *, postgresql: bool = False) -> list[Figure]:
    """All figures of one run."""
    with fresh_site(postgresql=postgresql) as site:
        site.run("hocvuso", "publish", str(settings.CONTENT / PROGRAMME))
        with hand_of(site) as hand:
            people = counts.learners + counts.tests
            world = hand("world", learners=people, officers=counts.exports, tasks=counts.tasks)
            table = hand("table", file=str(site.folder / "values.csv"), rows=counts.rows)
        with site.served():
            morning = Morning(Scene(site.port, world, lessons_of(site), random.Random(1)))
            took = _morning(site, morning, counts, Path(table).read_bytes())
    for what, many in morning.wrong.most_common(10):
        print(f"  {many} × {what}", file=sys.stderr)
    return [
        Figure("statements.calm_p95_ms", _p95(morning.calm_times), "ms"),
        Figure("statements.busy_p95_ms", _p95(morning.busy_times), "ms", 250),
        Figure("statements.busy_most_ms", max(morning.busy_times) * 1000, "ms"),
        Figure("statements.busy", len(morning.busy_times), "statements"),
        Figure("tests_started.s", took["tests"], "s until the last"),
        Figure("exports.s", took["exports"], "s until the last"),
        Figure("import.s", took["import"], "s"),
        Figure("errors", sum(morning.wrong.values()), "answers, of 0 at most", 0),
        Figure("memory", morning.memory, "MB at most", 600),
    ]


def _morning(site: Site, morning: Morning, counts: Counts, table: bytes) -> dict[str, float]:
    """Everything at once; seconds that each of the heavy things took."""
    learners = morning.scene.world["learners"]
    with ThreadPoolExecutor(counts.learners + counts.tests + counts.exports + 2) as pool:
        steady = [pool.submit(_learn, morning, person, counts.pause) for person in learners[: counts.learners]]
        steady.append(pool.submit(_weigh, site, morning))
        time.sleep(CALM)
        morning.busy.set()
        began = time.monotonic()
        heavy = {
            "tests": [pool.submit(_start, morning, person) for person in learners[counts.learners :]],
            "exports": [pool.submit(_export, morning, person) for person in morning.scene.world["officers"]],
            "import": [pool.submit(_import, morning, table)],
        }
        took = {name: max(_ended(one, began) for one in some) for name, some in heavy.items()}
        morning.over.set()
        for one in steady:
            one.result()
    return took


def _ended(one: Future[float], began: float) -> float:
    return one.result() - began


def _learn(morning: Morning, person: dict[str, str], pause: float) -> None:
    """Somebody who works through lessons on a line that stays open."""
    rng = random.Random(person["csrftoken"] + next(iter(person.values())))
    time.sleep(rng.uniform(0, pause))
    with closing(Connection(morning.scene.port)) as line:
        while not morning.over.is_set():
            for body in worked_through(rng.choice(morning.scene.lessons)):
                _tell(morning, line, request_of("POST", "/ghi/", person, body, JSON))
                time.sleep(rng.uniform(0.5, 1.5) * pause)
                if morning.over.is_set():
                    return


def _tell(morning: Morning, line: Connection, request: bytes) -> None:
    times = morning.busy_times if morning.busy.is_set() else morning.calm_times
    began = time.perf_counter()
    line.send(request)
    answer = line.receive()
    times.append(time.perf_counter() - began)
    if answer.status != 200 or b'"refused":[]' not in answer.body:
        morning.wrong[f"statement: {answer.status}"] += 1


def _start(morning: Morning, person: dict[str, str]) -> float:
    """Somebody who sits down to the final test."""
    request = request_of("POST", f"/kiem-tra/{PROGRAMME}/bat-dau/", person, b"kind=final", FORM)
    return _heard(morning, "test", send(morning.scene, request, wait=60), 302)


def _export(morning: Morning, person: dict[str, str]) -> float:
    """An officer who takes all tasks home as a spreadsheet."""
    return _heard(morning, "export", send(morning.scene, request_of("GET", EXPORT, person), wait=120), 200)


def _import(morning: Morning, table: bytes) -> float:
    """A program that sends a table of figures."""
    mark = "t" * 32
    head = 'Content-Disposition: form-data; name="file"; filename="values.csv"\r\nContent-Type: text/csv'
    body = f"--{mark}\r\n{head}\r\n\r\n".encode() + table + f"\r\n--{mark}--\r\n".encode()
    known = {"Authorization": f"Bearer {morning.scene.world['values']}"}
    request = request_of("POST", "/api/v1/values", known, body, f"multipart/form-data; boundary={mark}")
    return _heard(morning, "import", send(morning.scene, request, wait=300), 200)


def _heard(morning: Morning, what: str, answer: Answer | None, status: int) -> float:
    """When it was answered; another answer than `status` is noted."""
    if answer is None or answer.status != status:
        morning.wrong[f"{what}: {answer.status if answer else 'no answer'}"] += 1
    return time.monotonic()


def _weigh(site: Site, morning: Morning) -> None:
    """Look at the memory of the site's processes again and again."""
    while not morning.over.is_set():
        if site.server:
            morning.memory = max(morning.memory, sum(_weight(pid) for pid in tree(site.server.pid)))
        time.sleep(0.3)


def _weight(pid: int) -> float:
    """Megabytes of a process: its proportional set size."""
    try:
        rows: Any = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] * 1000

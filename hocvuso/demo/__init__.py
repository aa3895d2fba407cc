"""`hocvuso demo`: a believable country for trials. All of it is marked, and one command removes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

from django.utils import timezone

from hocvuso.base import tally
from hocvuso.indicators.services import rollup
from hocvuso.people.models import Person

from . import asking, cases, learning, people, removing, steering


def make(*, people_count: int, seed: int) -> int:
    """Make the country, examine the last month that is over for declaring, say how doubts match what was planted."""
    if Person.objects.filter(is_demo=True).exists():
        print("There is demo data already. Remove it first: hocvuso demo --remove")
        return 1
    rng, now = Random(seed), timezone.now()
    made = _step("people", lambda: people.make(rng, people_count, now))
    planted = cases.Planted(cases.month_to_examine(timezone.localdate()))
    _step("learning", lambda: learning.make(rng, made, now, planted))
    _step("tests and certificates", lambda: learning.certify(rng, made))
    _step("declared figures", lambda: cases.declare(rng, planted, now))
    _step("plans and reports", lambda: steering.make(rng, now))
    _step("residents' requests", lambda: asking.make(rng, made, now))
    _step("counts", tally.take_in)
    _step("roll-ups", lambda: rollup.roll_up(full=True))
    _step("doubts", lambda: cases.examine(planted))
    for line in cases.scores(planted):
        print(line)
    return 0


def remove() -> int:
    """Remove everything that `make` made."""
    for name, count in removing.remove_all():
        print(f"  {name}: {count}")
    _step("roll-ups", lambda: rollup.roll_up(full=True))
    return 0


def _step(name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    print(f"  {name} …", end=" ", flush=True)
    result = work()
    told = result if isinstance(result, int) else len(result) if hasattr(result, "__len__") else "ok"
    print(f"{told} ({time.perf_counter() - began:.1f} s)", flush=True)
    return result

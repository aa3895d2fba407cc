"""Steering under measure: boards, dashboards and drilling down, assigning to all, the index, values in bulk.

Everything is measured twice, each time on an installation of its own: at full size and at a tenth of it, so that the
figures show how each act grows. What is measured of each act says `acts`, which runs on the installation.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from .figures import Figure
from .site import fresh_site


@dataclass(frozen=True)
class Size:
    """How much there is of everything, and how often each page is opened."""

    people: int = 20_000
    child_plans: int = 3_400
    tasks: int = 40_000
    units: int = 3_355  # 34 provinces and 3,321 communes, which a task is given to
    communes: int = 3_321
    reporting_units: int = 10_000
    indicators: int = 50
    periods: int = 12
    rounds: int = 12


@dataclass(frozen=True)
class Counts:
    """The two sizes of one run."""

    full: Size = Size()
    tenth: Size = Size(
        people=2_000, child_plans=340, tasks=4_000, units=335, communes=332, reporting_units=1_000
    )  # communes have indicators and periods in full: a tenth of the rows is a tenth of the units


FULL = Counts()
LIMITS = {"board.p95_ms": 300.0, "assign_all.s": 10.0, "index_recompute.s": 2.0, "values_import.s": 60.0}
UNITS = {"p95_ms": "ms", "cpu_p95_ms": "ms", "s": "s", "cpu_s": "s", "ratio_to_raw": "×"}
GROWS = ("board.p95_ms", "dashboard.p95_ms", "drill.p95_ms", "assign_all.s", "index_recompute.s", "values_import.s")


def measure(counts: Counts = FULL, *, postgresql: bool = False) -> list[Figure]:
    """All figures of one run."""
    tenth = _on_a_site(counts.tenth, "a tenth", postgresql)
    full = _on_a_site(counts.full, "full size", postgresql)
    figures = [Figure(key, value, _unit(key), LIMITS.get(key)) for key, value in full.items()]
    figures += [Figure(f"{key}_tenth", value, _unit(key)) for key, value in tenth.items()]
    return figures + [
        Figure(f"{key.partition('.')[0]}.growth", full[key] / tenth[key], "× of a tenth")
        for key in (*GROWS, "memory", "rows")
    ]


def _on_a_site(size: Size, name: str, postgresql: bool) -> dict[str, float]:
    """One size on a fresh installation with the first of the starter programmes."""
    print(f"  {name} …", file=sys.stderr, flush=True)
    with fresh_site(postgresql=postgresql) as site:
        site.run("hocvuso", "publish", str(_programme()))
        told: dict[str, float] = json.loads(site.run("hocvuso.bench.acts", json.dumps(asdict(size))))
    return told


def _programme() -> Path:
    return min(p.parent for p in settings.CONTENT.glob("*/programme.yaml"))


def _unit(key: str) -> str:
    if key == "memory":
        return "MB at most"
    return "rows" if key.startswith("rows") else UNITS[key.rpartition(".")[2]]

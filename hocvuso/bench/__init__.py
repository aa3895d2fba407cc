"""`hocvuso bench`: speed and weight as ratios to a limit of the same run; and what programmes are made of."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from hocvuso.library.source.reader import SourceError

from . import faults, items, learner, load, steering, studio
from .figures import Figure, table

BENCHES: dict[str, Callable[..., list[Figure]]] = {
    "faults": faults.measure,
    "items": items.measure,
    "learner": learner.measure,
    "load": load.measure,
    "steering": steering.measure,
    "studio": studio.measure,
}


def run(name: str, *, as_json: bool, postgresql: bool = False) -> int:
    """Run one bench, on SQLite or PostgreSQL; figures as a table, or as one JSON object. 1: a source has
    faults; 2: there is no such bench.
    """
    if name not in BENCHES:
        print(f"There is no bench {name!r}. Known: {', '.join(sorted(BENCHES))}.", file=sys.stderr)
        return 2
    try:
        figures = BENCHES[name](postgresql=postgresql)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({f.key: f.value for f in figures}) if as_json else table(figures))
    return 0

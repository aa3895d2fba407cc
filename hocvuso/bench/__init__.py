"""`hocvuso bench`: speed and weight as ratios to a limit of the same run; and what programmes are made of."""

from __future__ import annotations

import json
import sys
from importlib import import_module

# Modules of this package, each with its `measure`.
BENCHES = ("faults", "items", "learner", "load", "steering", "studio")


def run(name: str, *, as_json: bool, postgresql: bool = False) -> int:
    """Run one bench, on SQLite or PostgreSQL; figures as a table, or as one JSON object. 1: a source has
    faults; 2: there is no such bench.
    """
    from hocvuso.library.source.reader import SourceError

    from .figures import table

    if name not in BENCHES:
        print(f"There is no bench {name!r}. Known: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    try:
        figures = import_module(f"{__name__}.{name}").measure(postgresql=postgresql)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({f.key: f.value for f in figures}) if as_json else table(figures))
    return 0

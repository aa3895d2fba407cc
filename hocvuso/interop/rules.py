"""Events that machines may be told of, and how often a delivery is tried."""

from __future__ import annotations

from datetime import timedelta

EVENTS = (
    "edition.published",
    "credential.issued",
    "plan.moved",
    "report.moved",
    "request.moved",
    "pledge.moved",
    "need.moved",
    "allocation.moved",
    "values.imported",
)
MOST_TRIES = 10


def wait_after(tries: int) -> timedelta:
    """How long to wait after the n-th failed try: 1 minute, doubling."""
    return timedelta(minutes=2 ** (tries - 1))

"""Many rows in one go, each by itself: a bad one stops no other, and is not passed over in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction


def each[T](rows: Iterable[T], work: Callable[[T], int]) -> int:
    """Do `work` for every row in a transaction of its own; returns the sum of what it returns.

    Raises ExceptionGroup with what failed, after the others are done.
    """
    done, faults = 0, []
    for row in rows:
        try:
            with transaction.atomic():
                done += work(row)
        except Exception as fault:
            fault.add_note(f"at {row!r}")
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"{len(faults)} failed, {done} done", faults)
    return done

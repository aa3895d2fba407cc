"""How long to wait before what failed is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST, LONGEST = timedelta(minutes=1), timedelta(days=1)


def pause_after(tries: int) -> timedelta:
    """The wait after the n-th failed try: a minute, doubling up to a day."""
    return LONGEST if tries > 11 else min(FIRST * 2 ** (tries - 1), LONGEST)

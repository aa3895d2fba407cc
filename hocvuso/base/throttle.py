"""Rate limits: so many tries of one thing in a window, counted in the database for all processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from .errors import TooMany
from .models import Tries
from .rows import places
from .secrets import keyed_hash

LONGEST_MINUTES = 24 * 60  # of a window: buckets begun before that count no more
MOST_COUNTED = 2**31 - 1  # what the column holds: no bound


# One statement, so that two tries at once are two, and nobody holds a row while the next one waits.
_COUNT = """
    INSERT INTO base_tries (bucket, since, count) VALUES %s
    ON CONFLICT (bucket) DO UPDATE SET
        count = CASE WHEN base_tries.since <= %%s THEN 1 ELSE base_tries.count + 1 END,
        since = CASE WHEN base_tries.since <= %%s THEN EXCLUDED.since ELSE base_tries.since END
    RETURNING bucket, since, count
"""


_GIVE_BACK = """
    UPDATE base_tries SET count = CASE
        WHEN count > %s THEN %s
        WHEN count > %s THEN count - %s
        ELSE 0 END
    WHERE count > 0 AND bucket IN
"""


def count(thing: str, who: str, *, limit: int, minutes: int) -> int:
    """Count one try of `thing` by `who`; returns how many there are. Raises TooMany past `limit` in `minutes`.

    Keeps no clear value of `who`.
    """
    return count_each({(thing, who): limit}, minutes=minutes)[thing, who]


def count_each(limits: Mapping[tuple[str, str], int], *, minutes: int) -> dict[tuple[str, str], int]:
    """The same for several (thing, who) at once, in one statement. All are counted, also when one is past its limit."""
    if minutes > LONGEST_MINUTES:
        raise ValueError("longer than buckets are kept")
    buckets = {_bucket(*one): one for one in limits}
    now, window = timezone.now(), timedelta(minutes=minutes)
    adapt = connection.ops.adapt_datetimefield_value
    begun, values = adapt(now - window), []
    for bucket in sorted(buckets):  # always in one order, so that two who count the same wait for each other in turn
        values += [bucket, adapt(now)]
    rows = ", ".join(["(%s, %s, 1)"] * len(buckets))
    counted = {buckets[row.bucket]: row for row in Tries.objects.raw(_COUNT % rows, [*values, begun, begun])}
    for one, row in counted.items():
        if row.count > limits[one]:
            left = row.since + window - now
            raise TooMany(minutes=max(1, round(left.total_seconds() / 60)))
    return {one: row.count for one, row in counted.items()}


def counted(thing: str, who: str) -> int:
    """How many were counted, also past the limit."""
    return Tries.objects.filter(bucket=_bucket(thing, who)).values_list("count", flat=True).first() or 0


def give_back(*things: tuple[str, str], times: int = 1, most: int | None = None) -> None:
    """Count so many less of each (thing, who): they came to a good end, or to nothing.

    `most`: what was counted past it is forgotten first.
    """
    buckets = [_bucket(*one) for one in things]
    most = MOST_COUNTED if most is None else most
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK + places(buckets), [most, max(most - times, 0), times, times, *buckets])


def clean_up() -> int:
    """Delete the buckets whose window is over; returns how many."""
    return Tries.objects.filter(since__lt=timezone.now() - timedelta(minutes=LONGEST_MINUTES)).delete()[0]


def _bucket(thing: str, who: str) -> str:
    return keyed_hash(f"{thing}\n{who}", purpose="throttle")

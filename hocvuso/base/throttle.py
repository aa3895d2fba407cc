"""Rate limits: so many tries of one thing in a window, counted in the database for all processes."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from .errors import TooMany
from .models import Tries
from .secrets import keyed_hash

LONGEST_MINUTES = 24 * 60  # of a window: buckets begun before that count no more


# One statement, so that two tries at once are two, and nobody holds a row while the next one waits.
_COUNT = """
    INSERT INTO base_tries (bucket, since, count) VALUES (%(bucket)s, %(now)s, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        count = CASE WHEN base_tries.since <= %(begun)s THEN 1 ELSE base_tries.count + 1 END,
        since = CASE WHEN base_tries.since <= %(begun)s THEN EXCLUDED.since ELSE base_tries.since END
    RETURNING bucket, since, count
"""


def count(thing: str, who: str, *, limit: int, minutes: int) -> int:
    """Count one try of `thing` by `who`; returns how many there are. Raises TooMany past `limit` in `minutes`.

    Keeps no clear value of `who`.
    """
    if minutes > LONGEST_MINUTES:
        raise ValueError("longer than buckets are kept")
    bucket = _bucket(thing, who)
    now, window = timezone.now(), timedelta(minutes=minutes)
    adapt = connection.ops.adapt_datetimefield_value
    [tries] = Tries.objects.raw(_COUNT, {"bucket": bucket, "now": adapt(now), "begun": adapt(now - window)})
    if tries.count > limit:
        left = tries.since + window - now
        raise TooMany(minutes=max(1, round(left.total_seconds() / 60)))
    return tries.count


def counted(thing: str, who: str) -> int:
    """How many were counted, also past the limit."""
    return Tries.objects.filter(bucket=_bucket(thing, who)).values_list("count", flat=True).first() or 0


def give_back(thing: str, who: str) -> None:
    """Count one less: it came to a good end, or to nothing."""
    Tries.objects.filter(bucket=_bucket(thing, who), count__gt=0).update(count=F("count") - 1)


def clean_up() -> int:
    """Delete the buckets whose window is over; returns how many."""
    return Tries.objects.filter(since__lt=timezone.now() - timedelta(minutes=LONGEST_MINUTES)).delete()[0]


def forget(thing: str, who: str) -> None:
    """Start a bucket anew, after success."""
    Tries.objects.filter(bucket=_bucket(thing, who)).delete()


def _bucket(thing: str, who: str) -> str:
    return keyed_hash(f"{thing}\n{who}", purpose="throttle")

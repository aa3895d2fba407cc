"""Rate limits: so many tries of one thing in a window, counted in the database for all processes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .errors import TooMany
from .models import Tries
from .secrets import keyed_hash

LONGEST_MINUTES = 24 * 60  # of a window: buckets begun before that count no more


def count(thing: str, who: str, *, limit: int, minutes: int) -> None:
    """Count one try of `thing` by `who`. Raises TooMany past `limit` in `minutes`; keeps no clear value of `who`."""
    if minutes > LONGEST_MINUTES:
        raise ValueError("longer than buckets are kept")
    bucket = keyed_hash(f"{thing}\n{who}", purpose="throttle")
    now = timezone.now()
    with transaction.atomic():
        row, _made = Tries.objects.select_for_update().get_or_create(bucket=bucket, defaults={"since": now})
        if row.since <= now - timedelta(minutes=minutes):
            row.since, row.count = now, 0
        if row.count < limit:
            row.count += 1
            row.save()
            return
    left = row.since + timedelta(minutes=minutes) - now
    raise TooMany(minutes=max(1, round(left.total_seconds() / 60)))


def clean_up() -> int:
    """Delete the buckets whose window is over; returns how many."""
    return Tries.objects.filter(since__lt=timezone.now() - timedelta(minutes=LONGEST_MINUTES)).delete()[0]


def forget(thing: str, who: str) -> None:
    """Start a bucket anew, after success."""
    Tries.objects.filter(bucket=keyed_hash(f"{thing}\n{who}", purpose="throttle")).delete()

"""Rate limits: so many tries of one thing in a window, counted in the database for all processes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .errors import TooMany
from .models import Tries
from .secrets import keyed_hash


def count(thing: str, who: str, *, limit: int, minutes: int) -> None:
    """Count one try of `thing` by `who`. Raises TooMany past `limit` in `minutes`; keeps no clear value of `who`."""
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


def forget(thing: str, who: str) -> None:
    """Start a bucket anew, after success."""
    Tries.objects.filter(bucket=keyed_hash(f"{thing}\n{who}", purpose="throttle")).delete()

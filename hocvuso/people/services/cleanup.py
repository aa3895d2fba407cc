"""What of sign-in need not be kept any longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hocvuso.base import outbox

from ..models import Guardianship, OneTimeCode
from . import notices, two_people


def end_codes(now: datetime) -> int:
    """Delete codes that are too old; returns how many."""
    return OneTimeCode.objects.filter(expires_at__lt=now).delete()[0]


def end_guardian_requests(now: datetime) -> int:
    """Delete requests that no guardian answered in time; returns how many."""
    return Guardianship.objects.filter(expires_at__lt=now, consented_at=None).delete()[0]


def end_lapsed(_now: datetime) -> int:
    """Close what waits for a second person though the first lost the right; returns how many."""
    with transaction.atomic():
        return two_people.close_lapsed()


def end_sent(now: datetime) -> int:
    """Delete notes of codes, links and notices that were sent; returns how many."""
    return outbox.clean_up([OneTimeCode.word, Guardianship.word, *notices.Change.values], now)

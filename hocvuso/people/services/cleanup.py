"""What need not be kept any longer."""

from __future__ import annotations

from django.utils import timezone

from hocvuso.base import once, throttle

from ..models import Guardianship, OneTimeCode


def clean_up() -> int:
    """Delete codes that are too old, requests no guardian answered in time, old counters and keys; returns how many."""
    now = timezone.now()
    codes = OneTimeCode.objects.filter(expires_at__lt=now).delete()[0]
    requests = Guardianship.objects.filter(expires_at__lt=now, consented_at=None).delete()[0]
    return codes + requests + throttle.clean_up() + once.clean_up()

"""What need not be kept any longer."""

from __future__ import annotations

from django.utils import timezone

from hocvuso.base import once, throttle

from ..models import Guardianship, OneTimeCode
from . import roles


def clean_up() -> int:
    """Delete codes that are too old, requests no guardian answered in time, old counters and keys; close offers that
    nobody accepted in time. Returns how many.
    """
    now = timezone.now()
    codes = OneTimeCode.objects.filter(expires_at__lt=now).delete()[0]
    requests = Guardianship.objects.filter(expires_at__lt=now, consented_at=None).delete()[0]
    return codes + requests + roles.expire(now) + throttle.clean_up() + once.clean_up()

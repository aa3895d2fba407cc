"""How long it is kept that a learner was called back to reviews."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from hocvuso.base import outbox
from hocvuso.privacy.keeping import Keeping, register

from .models import ReviewCall

KEPT = timedelta(days=60)  # longer than the calls after which a reminder ends by itself take


def end_calls(now: datetime) -> int:
    """Delete calls of long ago, and what the outbox noted of them."""
    gone = outbox.clean_up([ReviewCall.word], now)
    return gone + ReviewCall.objects.filter(at__lt=now - KEPT).delete()[0]


register(Keeping("review-calls", _("Lời nhắc ôn bài đã gửi"), _("%(n)s ngày."), end_calls, n=KEPT.days))

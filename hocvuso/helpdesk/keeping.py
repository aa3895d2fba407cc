"""How long residents' requests are kept: who asked without an account, and what was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from hocvuso.privacy.keeping import Keeping, before, register

from .models import RequestMove, RequestReply, ResidentRequest
from .rules import OPEN


def _ended(setting: str, now: datetime) -> Any:
    """Requests that are closed and did not move since."""
    lately = RequestMove.objects.filter(request=OuterRef("pk"), at__gte=before(setting, now))
    return ResidentRequest.objects.exclude(state__in=OPEN).exclude(Exists(lately))


def end_contacts(now: datetime) -> int:
    """Delete name and phone of who asked without an account; returns of how many."""
    found = _ended("HOCVUSO_KEEP_CONTACTS_DAYS", now).exclude(contact_name="", contact_sealed="")
    return int(found.update(contact_name="", contact_sealed=""))


def end_words(now: datetime) -> int:
    """Delete what was asked and said; topic, days and states stay to be counted. Returns of how many requests."""
    found = _ended("HOCVUSO_KEEP_REQUESTS_DAYS", now).exclude(text="")
    keys = list(found.values_list("pk", flat=True))
    RequestReply.objects.filter(request__in=keys).update(text="")
    return int(ResidentRequest.objects.filter(pk__in=keys).update(text="", rating_note=""))


register(
    Keeping(
        "help-contacts",
        _("Tên và số điện thoại của người nhờ giúp không có tài khoản"),
        _("%(n)s ngày sau khi yêu cầu kết thúc."),
        end_contacts,
        "HOCVUSO_KEEP_CONTACTS_DAYS",
    ),
    Keeping(
        "help",
        _("Nội dung yêu cầu nhờ giúp"),
        _("%(n)s ngày sau khi yêu cầu kết thúc."),
        end_words,
        "HOCVUSO_KEEP_REQUESTS_DAYS",
    ),
)

"""Residents are told that somebody answered: one message for all that is new, without its words, never at night."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hocvuso.people import gateways
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of

from ..models import RequestReply

MORNING, EVENING = 7, 21  # hours between which messages go out
RECENT = timedelta(days=7)  # what could not be told for so long is not told any more
KINDS = ("email", "phone")  # the first that a person has


def tell_askers(now: datetime) -> int:
    """Tell everybody to whom something new was said and who wants to be told; returns how many were.

    Each reply is claimed before the message goes out, so that nobody is told twice; a gateway's refusal gives it back
    for the next run.
    """
    if not MORNING <= timezone.localtime(now).hour < EVENING:
        return 0
    by_person = _waiting(now)
    addresses = [(kind, addresses_of(list(by_person), kind)) for kind in KINDS]
    told = 0
    for person in Person.objects.filter(pk__in=by_person):
        kind, address = next(((k, found[person.pk]) for k, found in addresses if person.pk in found), ("", ""))
        if address and _claim(by_person[person.pk], now):
            told += _send(person, kind, address, by_person[person.pk], now)
    return told


def _waiting(now: datetime) -> dict[UUID, list[UUID]]:
    """Replies not told yet, by the person who asked."""
    rows = RequestReply.objects.filter(told_at=None, by__isnull=False, created_at__gte=now - RECENT)
    rows = rows.filter(request__tell=True, request__asker__isnull=False).exclude(by=F("request__asker"))
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for reply, asker in rows.values_list("pk", "request__asker"):
        found[asker].append(reply)
    return found


def _claim(replies: list[UUID], now: datetime) -> bool:
    return RequestReply.objects.filter(pk__in=replies, told_at=None).update(told_at=now) > 0


def _send(person: Person, kind: str, address: str, replies: list[UUID], now: datetime) -> bool:
    with translation.override(person.language):
        subject = _("Yêu cầu của bạn đã có trả lời")
        text = _("Yêu cầu của bạn đã có trả lời. Xem tại %(link)s") % {"link": f"{settings.BASE_URL}/nho-giup/"}
    try:
        gateways.send(kind, address, subject=subject, text=text)
    except OSError:
        RequestReply.objects.filter(pk__in=replies, told_at=now).update(told_at=None)
        return False
    return True

"""Residents are told that somebody answered: one message for all that is new, without its words, never at night."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hocvuso.base import outbox
from hocvuso.base.addresses import address_of
from hocvuso.base.gateways import Letter
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of
from hocvuso.people.rules import by_day

from ..models import RequestReply

RECENT = timedelta(days=7)  # what could not be told for so long is not told any more
ADDRESS_AGAIN = timedelta(hours=6)  # when to look whether who had no address has one
KINDS = ("email", "phone")  # the first that a person has


def queue_reply(reply: RequestReply) -> None:
    """Queue the message that somebody answered, with the transaction of the reply, if there is anybody to be told."""
    if _untold().filter(pk=reply.pk).exists():
        outbox.queue(RequestReply.word, [(reply.pk, f"{Person.word}:{reply.request.asker_id}", reply.created_at)])


def _untold() -> QuerySet[RequestReply]:
    """Replies by others than who asked, who wants to be told and was not."""
    rows = RequestReply.objects.filter(told_at=None, by__isnull=False, request__tell=True)
    return rows.filter(request__asker__isnull=False).exclude(by=F("request__asker"))


def _sent(key: UUID, now: datetime) -> None:
    """One message told of everything that was new."""
    asker = RequestReply.objects.get(pk=key).request.asker_id
    RequestReply.objects.filter(pk__in=_untold().filter(request__asker=asker).values("pk")).update(told_at=now)


@outbox.source(RequestReply.word, sent=_sent)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    replies = list(_untold().filter(pk__in=keys, created_at__gte=now - RECENT).select_related("request__asker"))
    if morning := by_day(timezone.localtime(now)):
        return {reply.pk: outbox.Later(morning) for reply in replies}
    askers = {reply.request.asker_id for reply in replies if reply.request.asker_id}
    addresses = [(kind, addresses_of(askers, kind)) for kind in KINDS]
    found: dict[UUID, outbox.Answer] = {}
    for reply in replies:
        asker = reply.request.asker
        assert asker is not None  # `_untold` says so
        kind, address = next(((k, known[asker.pk]) for k, known in addresses if asker.pk in known), ("", ""))
        found[reply.pk] = _letter(asker, kind, address) if address else outbox.Later(now + ADDRESS_AGAIN)
    return found


def _letter(asker: Person, kind: str, address: str) -> Letter:
    with translation.override(asker.language):
        subject = _("Yêu cầu của bạn đã có trả lời")
        link = settings.BASE_URL + address_of("my-requests")
        text = _("Yêu cầu của bạn đã có trả lời. Xem tại %(link)s") % {"link": link}
    return Letter(kind, address, subject, text)

"""The owner of an account is told when a way to sign in changed: by mail or else by phone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import outbox
from hocvuso.base.addresses import address_of
from hocvuso.base.gateways import Letter
from hocvuso.base.ids import uuid7
from hocvuso.base.models import OutboxMessage

from ..models import Person
from ..queries import addresses_of

KINDS = ("email", "phone")  # the first that a person has


class Change(models.TextChoices):
    """What changed. The word of each is that of its messages: beside it and the receiver there is nothing to keep."""

    APP = "factor-app", _("đã cài ứng dụng xác thực")
    PASSKEY = "factor-passkey", _("đã thêm khoá truy cập")
    PASSKEY_GONE = "factor-passkey-gone", _("đã xoá khoá truy cập")
    ADDRESS = "factor-address", _("đã thêm số điện thoại hoặc địa chỉ thư")


def tell(person: Person, what: Change) -> None:
    """Queue the word, with the transaction of the change."""
    outbox.queue(what.value, [(uuid7(), f"{Person.word}:{person.pk}", timezone.now())])


def _letters(what: Change, keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """To nobody without an address: there is no other way to them."""
    receivers = OutboxMessage.objects.filter(pk__in=keys).values_list("pk", "receiver")
    owners = {key: UUID(receiver.removeprefix(f"{Person.word}:")) for key, receiver in receivers}
    people = Person.objects.in_bulk(owners.values())
    addresses = [(kind, addresses_of(set(owners.values()), kind)) for kind in KINDS]
    found: dict[UUID, outbox.Answer] = {}
    for key, owner in owners.items():
        kind, address = next(((k, known[owner]) for k, known in addresses if owner in known), ("", ""))
        if address:
            found[key] = _letter(people[owner], what, kind, address)
    return found


for _change in Change:
    outbox.source(_change.value)(partial(_letters, _change))


def _letter(person: Person, what: Change, kind: str, address: str) -> Letter:
    with translation.override(person.language):
        subject = _t("Cách đăng nhập của bạn vừa thay đổi")
        text = _t(
            "Tài khoản Học vụ số của bạn: %(what)s. Nếu không phải bạn làm, hãy vào %(link)s, đăng xuất mọi thiết bị."
        ) % {"what": what.label, "link": settings.BASE_URL + address_of("account")}
    return Letter(kind, address, subject, text)

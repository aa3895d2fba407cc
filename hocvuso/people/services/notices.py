"""The owner of an account is told when a way to sign in changed: by mail or else by phone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hocvuso.base import outbox
from hocvuso.base.gateways import Letter

from ..models import FactorNotice, Person
from ..queries import addresses_of

KINDS = ("email", "phone")  # the first that a person has


def tell(person: Person, what: FactorNotice.What) -> None:
    """Queue the word, with the transaction of the change."""
    made = FactorNotice.objects.create(person_id=person.pk, what=what)
    outbox.queue(FactorNotice.word, [(made.pk, f"{Person.word}:{person.pk}", timezone.now())])


@outbox.source(FactorNotice.word)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """To nobody without an address: there is no other way to them."""
    rows = FactorNotice.objects.filter(pk__in=keys).select_related("person")
    addresses = [(kind, addresses_of({row.person_id for row in rows}, kind)) for kind in KINDS]
    found: dict[UUID, outbox.Answer] = {}
    for row in rows:
        kind, address = next(((k, known[row.person_id]) for k, known in addresses if row.person_id in known), ("", ""))
        if address:
            found[row.pk] = _letter(row, kind, address)
    return found


def _letter(row: FactorNotice, kind: str, address: str) -> Letter:
    with translation.override(row.person.language):
        subject = _("Cách đăng nhập của bạn vừa thay đổi")
        text = _(
            "Tài khoản Học vụ số của bạn: %(what)s. Nếu không phải bạn làm, hãy vào %(link)s, đăng xuất mọi thiết bị."
        ) % {"what": row.get_what_display(), "link": f"{settings.BASE_URL}/tai-khoan/"}
    return Letter(kind, address, subject, text)

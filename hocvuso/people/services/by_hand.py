"""A guardian without a number or address of their own: heard in person, by somebody of the school or commune.

The child shows a code, so that nobody looks children up; who confirms says who the guardian is and how they know.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal, throttle
from hocvuso.base.errors import NeedsWords, NotAllowed, Refusal
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.base.text import digits

from ..models import Guardianship, Person
from ..queries import tops_of_reach
from ..rules import May
from ..rules_consent import Said
from .guardians import GUARDIAN_DAYS, LINK, correct_year, locked, note, take_back, token_hash

HAND_DIGITS = 9  # of the code that a child shows
WRONG_AN_HOUR = 30  # codes that lead nowhere, of one who confirms


class NoSuchHand(Refusal):
    """No child shows this code."""

    code = "no-such-code"
    says = _("Không có mã này, hoặc mã đã quá hạn. Hãy nhờ em mở lại trang “Nhờ người giám hộ đồng ý” để xem mã.")


def known_code(child: Person) -> str:
    """The code that the child has, if any."""
    row = _open_ones().filter(child=child).first()
    return decrypt(row.token_sealed, purpose=LINK) if row else ""


def _open_ones() -> QuerySet[Guardianship]:
    """Requests by hand that can be answered, or taken back."""
    good = Q(consented_at__isnull=False) | Q(expires_at__gt=timezone.now())
    return Guardianship.objects.filter(good, guardian_sealed="", withdrawn_at=None)


@transaction.atomic
def hand_code(*, child: Person) -> str:
    """The code by which somebody of the school or commune finds the child; the same until it is used or too old."""
    Person.objects.select_for_update().get(pk=child.pk)
    if known := known_code(child):
        return known
    while True:
        code = f"{secrets.randbelow(10**HAND_DIGITS):0{HAND_DIGITS}}"
        if not Guardianship.objects.filter(token_hash=token_hash(code)).exists():
            break
    made = Guardianship.objects.create(
        child=child,
        token_hash=token_hash(code),
        token_sealed=encrypt(code, purpose=LINK),
        expires_at=timezone.now() + timedelta(days=GUARDIAN_DAYS),
    )
    journal.write("guardian.asked", made, by=child)
    return code


def find_by_hand(*, code: str, by: Person) -> Guardianship:
    """The request of the child who shows this code, for somebody whose role lets them confirm. Raises NoSuchHand."""
    if not tops_of_reach(by, May.CONFIRM_GUARDIAN):
        raise NotAllowed
    throttle.count("guardian-hand", str(by.pk), limit=WRONG_AN_HOUR, minutes=60)
    rows = _open_ones().select_related("child", "confirmed_by")
    request = rows.filter(token_hash=token_hash(digits(code))).first()
    if request is None or request.child_id == by.pk:
        raise NoSuchHand(field="code")
    throttle.give_back(("guardian-hand", str(by.pk)))
    return request


@dataclass(frozen=True)
class Hand:
    """What somebody of the school or commune says of a guardian they heard."""

    name: str
    how: str


@transaction.atomic
def confirm_by_hand(*, request: Guardianship, hand: Hand, by: Person) -> Guardianship:
    """Somebody of the school or commune confirms that the guardian agrees, and how they know.

    Twice is once, unless the child said no in between.
    """
    request = locked(_for_hand(request, by))
    if not hand.name.strip() or hand.how not in Guardianship.How.values:
        raise NeedsWords(field="name")
    if request.consented_at and request.child.keeps_records:
        return request
    request.guardian_name, request.confirmed_how = hand.name.strip()[:120], hand.how
    request.confirmed_by, request.consented_at = by, timezone.now()
    request.save(update_fields=["guardian_name", "confirmed_how", "confirmed_by", "consented_at"])
    note(request, Said.GIVEN)
    journal.write("guardian.confirmed", request, by=by, how=hand.how)
    return request


@transaction.atomic
def withdraw_by_hand(*, request: Guardianship, by: Person) -> Guardianship:
    """The guardian told somebody of the school or commune that they do not agree any more. Twice is once."""
    request = locked(_for_hand(request, by))
    if request.consented_at and not request.withdrawn_at:
        take_back(request, by)
    return request


@transaction.atomic
def correct_year_by_hand(*, request: Guardianship, birth_year: int | None, by: Person) -> Guardianship:
    """Somebody of the school or commune, who knows the child, writes the year of birth as it is. Raises BadYear."""
    return correct_year(locked(_for_hand(request, by)), birth_year, by)


def _for_hand(request: Guardianship, by: Person) -> Guardianship:
    if not tops_of_reach(by, May.CONFIRM_GUARDIAN) or request.child_id == by.pk or request.guardian_sealed:
        raise NotAllowed
    return request

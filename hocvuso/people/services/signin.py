"""Sign-in by one-time code, by an outside identity, and the persons that come of it."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import Refusal
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.base.text import clean, digits

from ..models import Identifier, OneTimeCode, Person, new_salt
from ..queries import SEALED, lookup_of, person_with
from ..rules import normal_phone
from . import codes, notices

MOST_ENDED = 40  # sessions of a person that are remembered as ended


class NotAnAddress(Refusal):
    """The text is neither a phone number nor an e-mail address."""

    code = "not-an-address"
    says = _("Hãy nhập số di động, ví dụ 0912 345 678, hoặc địa chỉ thư điện tử.")


class WrongCode(Refusal):
    """The code does not fit, was used, or is too old."""

    code = "wrong-code"
    says = _("Mã chưa đúng hoặc đã hết hạn. Hãy xem lại các chữ số, hoặc xin mã mới.")


class Taken(Refusal):
    """The identifier belongs to another account."""

    code = "taken"
    says = _("Số điện thoại hoặc địa chỉ này đã thuộc về một tài khoản khác.")


def read_address(text: str) -> tuple[str, str]:
    """(kind, normal form) of what a person typed. Raises NotAnAddress."""
    text = clean(text)
    try:
        if "@" in text:
            validate_email(text)
            return "email", text.lower()
        return "phone", normal_phone(text)
    except (ValidationError, ValueError):
        raise NotAnAddress(field="address") from None


def send_code(*, address: str, asker: str, trusted: bool = False, purpose: str = "sign-in") -> OneTimeCode:
    """Send a fresh six-digit code, beside the request. `asker` names the browser's network address for rate limits.

    The code is bound to the browser through its id, so nobody can burn another's tries; a browser that has signed in to
    this address before (`trusted`) has counts of its own, so a stranger's requests cannot lock its owner out. When the
    address has had its messages of the day, nothing is sent, and the day's key opens the row that is returned.
    Raises NotAnAddress, CannotSend, NotThere, Spent, TooManyCodes.
    """
    kind, value = read_address(address)
    lookup, who = lookup_of(kind, value), codes.named(asker)
    row = codes.begin(kind=kind, value=value, lookup=lookup, asker="" if trusted else who, purpose=purpose)
    if codes.admit(kind, value, lookup=lookup, asker=who, trusted=trusted):
        codes.send(row, value, f"{secrets.randbelow(10**6):06}")
    else:
        row.save(force_insert=True)
    return row


def check_code(*, code_id: UUID | str, code: str, purpose: str = "sign-in") -> OneTimeCode:
    """Use up a code sent for `purpose`. Raises WrongCode; five wrong tries end it. A used code is refused for ever."""
    used = None
    with transaction.atomic():  # the count of tries must stay even when the code is refused
        row = OneTimeCode.objects.select_for_update().filter(pk=code_id, purpose=purpose).first()
        if row and not row.used_at and row.expires_at > timezone.now() and row.tries_left > 0:
            if _opens(row, digits(code)):
                row.used_at = timezone.now()
                used = row
            else:
                row.tries_left = F("tries_left") - 1
            row.save(update_fields=["used_at", "tries_left"])
    if used is None:
        raise WrongCode(field="code")
    codes.give_back(used)
    return used


def _opens(row: OneTimeCode, typed: str) -> bool:
    """Whether this is the row's own code, or the day's key of its address, which then serves no more."""
    if len(typed) != codes.DAY_KEY_DIGITS:
        return constant_time_compare(row.code_hash, codes.hash_of(row.pk, typed))
    keys = OneTimeCode.objects.select_for_update().filter(purpose=codes.DAY_KEY, lookup=row.lookup, used_at=None)
    for key in keys.filter(kind=row.kind, expires_at__gt=timezone.now()):
        if constant_time_compare(key.code_hash, codes.hash_of(key.pk, typed)):
            key.used_at = timezone.now()
            key.save(update_fields=["used_at"])
            return True
    return False


@transaction.atomic
def person_of(*, code: OneTimeCode) -> tuple[Person, bool]:
    """The person of a used code, made if this is the first time. Returns (person, newly made)."""
    return _find_or_make(code.kind, decrypt(code.sealed, purpose=SEALED))


@transaction.atomic
def person_of_identity(*, issuer: str, subject: str, name: str = "") -> tuple[Person, bool]:
    """The person of an OpenID Connect identity (issuer and subject), made if new."""
    return _find_or_make("oidc", f"{issuer}|{subject}", name)


def _find_or_make(kind: str, value: str, name: str = "") -> tuple[Person, bool]:
    known = person_with(kind, value)
    if known:
        return known, False
    person = Person.objects.create(name=name[:120])
    add_identifier(person=person, kind=kind, value=value)
    journal.write("person.joined", person, by=person, way=kind)
    return person, True


def add_identifier(*, person: Person, kind: str, value: str) -> Identifier:
    """Give a person one more verified identifier. Raises Taken when another account has it."""
    found, _made = Identifier.objects.get_or_create(
        kind=kind,
        lookup=lookup_of(kind, value),
        defaults={"person": person, "sealed": encrypt(value, purpose=SEALED), "verified_at": timezone.now()},
    )
    if found.person_id != person.pk:
        raise Taken(field="address")
    return found


@transaction.atomic
def add_address(*, person: Person, kind: str, value: str) -> None:
    """One more verified address to sign in by: other sessions end (the caller keeps its own), the owner is told.

    Raises Taken.
    """
    add_identifier(person=person, kind=kind, value=value)
    person.session_salt = new_salt()
    person.save(update_fields=["session_salt"])
    notices.tell(person, notices.Change.ADDRESS)


@transaction.atomic
def end_session(*, person: Person, session: str) -> None:
    """End one session for good: its cookie is worth nothing any more, whoever has a copy."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    now = int(timezone.now().timestamp())
    ended = [one for one in row.ended_sessions.split() if int(one.rpartition(":")[2]) > now]
    row.ended_sessions = " ".join([*ended, f"{session}:{now + settings.SESSION_COOKIE_AGE}"])
    if len(ended) >= MOST_ENDED:  # too many to remember: all end
        row.ended_sessions, row.session_salt = "", new_salt()
    row.save(update_fields=["ended_sessions", "session_salt"])


@transaction.atomic
def sign_out_everywhere(*, person: Person) -> None:
    """End every session of a person, on every device."""
    person.session_salt, person.ended_sessions = new_salt(), ""
    person.save(update_fields=["session_salt", "ended_sessions"])
    journal.write("person.signed-out-everywhere", person, by=person)

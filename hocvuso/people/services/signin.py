"""Sign-in by one-time code, by an outside identity, and the persons that come of it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import Refusal
from hocvuso.base.rows import insert, read
from hocvuso.base.secrets import decrypt, encrypt, keyed_hash
from hocvuso.base.text import clean, digits

from ..models import Identifier, OneTimeCode, Person, new_salt
from ..queries import SEALED, lookup_of, person_with, remember_no_grants
from ..rules import normal_phone
from . import codes, notices

MOST_ENDED = 40  # sessions of a person that are remembered as ended
TRIES = 5  # at a code
REPEAT = timedelta(seconds=20)  # within which the same code from the same browser is the same press


class NotAnAddress(Refusal):
    """The text is neither a phone number nor an e-mail address."""

    code = "not-an-address"
    says = _("Hãy nhập số di động, ví dụ 0912 345 678, hoặc địa chỉ thư điện tử.")


class WrongCode(Refusal):
    """The code does not fit, was used, or is too old."""

    code = "wrong-code"
    says = _("Mã chưa đúng hoặc đã hết hạn. Hãy xem lại các chữ số, hoặc xin mã mới.")


class NotThisCode(WrongCode):
    """The code does not fit, and may be tried again."""

    code = "not-this-code"
    says = _("Mã chưa đúng. Hãy xem lại các chữ số trong tin mới nhất. Bạn còn nhập được %(left)s lần.")


class TriedOut(WrongCode):
    """The code does not fit, and was tried as often as it may be."""

    code = "tried-out"
    says = _("Mã này đã bị nhập sai %(times)s lần nên không dùng được nữa. Hãy bấm “Xin mã mới”.")


class TooOld(WrongCode):
    """There is no code any more that could fit."""

    code = "too-old"
    says = _("Mã này đã hết hạn hoặc đã dùng rồi. Hãy bấm “Xin mã mới”.")


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


def send_code(
    *, address: str, asker: str, trusted: bool = False, purpose: str = "sign-in", browser: str = ""
) -> OneTimeCode:
    """Send a fresh six-digit code, beside the request. `asker` names the browser's network address for rate limits.

    The code is bound to the browser through its id, so nobody can burn another's tries; `browser` is a secret of the
    browser's session, by which each code opens that it asked for. A browser that has signed in to this address before
    (`trusted`) has counts of its own, so a stranger's requests cannot lock its owner out. When the address has had its
    messages of the day, nothing is sent, and the day's key opens the row that is returned.
    Raises NotAnAddress, CannotSend, NotThere, Spent, TooManyCodes.
    """
    kind, value = read_address(address)
    lookup, who = lookup_of(kind, value), codes.named(asker)
    row = codes.begin(
        kind=kind, value=value, lookup=lookup, asker="" if trusted else who, purpose=purpose, browser=browser
    )
    if codes.admit(row, value, asker=who, trusted=trusted):
        codes.send(row, value, f"{secrets.randbelow(10**6):06}")
    else:
        insert(row)
    return row


def check_code(*, code_id: UUID | str | None, code: str, purpose: str = "sign-in", browser: str = "") -> OneTimeCode:
    """Use up a code sent for `purpose`: that of `code_id`, or another that the same `browser` asked for to this number.

    The same code again from the same browser within `REPEAT` is the same press, whose first answer got lost on the
    way; later a used code is refused for ever. Raises WrongCode; five wrong tries end all of them.
    """
    typed, now = digits(code), timezone.now()
    with transaction.atomic():  # the count of tries must stay even when the code is refused
        asked = [row for row in _asked(code_id, browser, purpose) if row.expires_at > now]
        to = next(((row.kind, row.lookup) for row in asked if str(row.pk) == str(code_id)), None)
        rows = [row for row in asked if (row.kind, row.lookup) == to]
        live = [row for row in rows if row.tries_left > 0 and (not row.used_at or now - row.used_at < REPEAT)]
        found = next((row for row in live if _opens(row, typed, now)), None)
        if found is not None and found.used_at:
            return found
        change: dict[str, Any] = {"used_at": now} if found else {"tries_left": F("tries_left") - 1}
        OneTimeCode.objects.filter(pk__in=[row.pk for row in live]).update(**change)
    if found is None:
        raise _refused(rows)
    codes.give_back([row for row in live if not row.used_at])
    found.used_at = now
    return found


def _asked(code_id: UUID | str | None, browser: str, purpose: str) -> list[OneTimeCode]:
    """The code of this id and those that the same browser asked for, for nobody else to use meanwhile."""
    if not code_id:
        return []
    key = UUID(str(code_id))  # from a session it comes as text
    if not browser:
        return read(OneTimeCode, "id = %s AND purpose = %s", key, purpose, locked=True)
    # The condition of the index `codes_of_a_browser` as Django writes it.
    mine = "(id = %s OR (browser = %s AND NOT (browser = ''))) AND purpose = %s"
    return read(OneTimeCode, mine, key, browser, purpose, locked=True)


def _refused(rows: list[OneTimeCode]) -> WrongCode:
    """Why nothing was opened, of rows as they were before this try: what to do is another thing each time."""
    unused = [row.tries_left for row in rows if not row.used_at]
    if not unused:
        return TooOld(field="code")
    left = max(unused) - 1
    return NotThisCode(field="code", left=left) if left > 0 else TriedOut(field="code", times=TRIES)


def _opens(row: OneTimeCode, typed: str, now: datetime) -> bool:
    """Whether this is the row's own code, or the day's key of its address, which then serves no more."""
    if len(typed) != codes.DAY_KEY_DIGITS:
        return constant_time_compare(row.code_hash, codes.hash_of(row.pk, typed))
    again = Q(used_at__gt=now - REPEAT) if row.used_at else Q(used_at=None)
    keys = OneTimeCode.objects.select_for_update().filter(again, purpose=codes.DAY_KEY, lookup=row.lookup)
    for key in keys.filter(kind=row.kind, expires_at__gt=now):
        if constant_time_compare(key.code_hash, codes.hash_of(key.pk, typed)):
            key.used_at = key.used_at or now
            key.save(update_fields=["used_at"])
            return True
    return False


def session_of(used: OneTimeCode) -> str:
    """The name of the session that a code begins: one, however often its press is repeated."""
    return keyed_hash(f"session:{used.pk}", purpose="one-time-code")[:16]


def person_of(*, code: OneTimeCode) -> tuple[Person, bool]:
    """The person of a used code, made if this is the first time. Returns (person, newly made)."""
    return _find_or_make(code.kind, decrypt(code.sealed, purpose=SEALED))


def person_of_identity(*, issuer: str, subject: str, name: str = "") -> tuple[Person, bool]:
    """The person of an OpenID Connect identity (issuer and subject), made if new."""
    return _find_or_make("oidc", f"{issuer}|{subject}", name)


def _find_or_make(kind: str, value: str, name: str = "") -> tuple[Person, bool]:
    if known := person_with(kind, value):
        return known, False
    try:
        return _make(kind, value, name), True
    except IntegrityError:  # another press came in between, and made the person; what else it was is raised again
        if known := person_with(kind, value):
            return known, False
        raise


@transaction.atomic
def _make(kind: str, value: str, name: str) -> Person:
    person = Person(name=name[:120])
    insert(person)
    insert(Identifier(person=person, kind=kind, lookup=lookup_of(kind, value), **_verified(value)))
    journal.write("person.joined", person, by=person, way=kind)
    remember_no_grants(person)
    return person


def add_identifier(*, person: Person, kind: str, value: str) -> Identifier:
    """Give a person one more verified identifier. Raises Taken when another account has it."""
    found, _made = Identifier.objects.get_or_create(
        kind=kind,
        lookup=lookup_of(kind, value),
        defaults={"person": person, **_verified(value)},
    )
    if found.person_id != person.pk:
        raise Taken(field="address")
    return found


def _verified(value: str) -> dict[str, Any]:
    return {"sealed": encrypt(value, purpose=SEALED), "verified_at": timezone.now()}


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

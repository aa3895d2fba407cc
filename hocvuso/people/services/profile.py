"""A person's own data: correct, consent, guardians, erase (Personal Data Protection Law 91/2025/QH15)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import gateways, journal, outbox, throttle
from hocvuso.base.errors import Refusal
from hocvuso.base.events import emit
from hocvuso.base.secrets import decrypt, encrypt

from ..events import PersonErased
from ..models import Consent, Guardianship, OneTimeCode, Person, PrivacyRequest, new_salt
from ..queries import SEALED, lookup_of
from ..rules_consent import NOTICE, Purpose, Said
from . import codes, consents, roles
from .codes import CannotSend
from .signin import read_address

LINK = "guardian-link"  # what its token is sealed for until it is sent
GUARDIAN_DAYS = 14
AGAIN = timedelta(minutes=10)  # within which asking the same guardian again is the same press, not another letter


class BadYear(Refusal):
    """A birth year that cannot be."""

    code = "bad-year"
    says = _("Hãy nhập năm sinh gồm bốn chữ số, từ 1900 đến năm nay.")


class GuardianAsked(Refusal):
    """The link of a request for consent is unknown, used or too old."""

    code = "guardian-link"
    says = _("Đường dẫn này không còn dùng được. Hãy nhờ con gửi lại đường dẫn mới.")


@dataclass(frozen=True)
class Profile:
    """What a person may correct about themselves."""

    name: str
    birth_year: int | None
    sex: str
    audience: str
    home_place: str | None
    ethnicity: str = ""


@transaction.atomic
def correct(*, person: Person, profile: Profile) -> Person:
    """Write a person's corrections. Naming one's ethnicity is consent to counting it, taking it out withdraws that.

    Raises BadYear.
    """
    year = profile.birth_year
    if year is not None and not 1900 <= year <= timezone.localdate().year:
        raise BadYear(field="birth_year")
    person.name, person.birth_year, person.sex = profile.name.strip()[:120], year, profile.sex
    person.audience, person.home_place_id = profile.audience, profile.home_place or None
    if person.ethnicity != profile.ethnicity:
        said = Said.GIVEN if profile.ethnicity else Said.WITHDRAWN
        consents.answer(person=person, purpose=Purpose.ETHNICITY, said=said, evidence="profile")
    person.ethnicity = profile.ethnicity
    person.save(update_fields=["name", "birth_year", "sex", "audience", "home_place", "ethnicity"])
    PrivacyRequest.objects.create(person=person, kind=PrivacyRequest.Kind.CORRECT, done_at=timezone.now())
    journal.write("person.corrected", person, by=person)
    return person


@transaction.atomic
def ask_guardian(*, child: Person, address: str, name: str) -> Guardianship:
    """Send a guardian the link at which to consent; asked again within `AGAIN`, the first asking stands and nothing is
    sent, unless it could not be. Raises NotAnAddress, CannotSend, NotThere, Spent, TooMany.
    """
    kind, value = read_address(address)
    codes.expect_served(kind, value)
    asked, is_new = _asked_once(child, kind, value, name)
    if not is_new:
        return asked
    journal.write("guardian.asked", asked, by=child)
    if gateways.leave(kind):
        outbox.queue(Guardianship.word, [(asked.pk, f"{Guardianship.word}:{asked.pk}", timezone.now())])
        outbox.send_soon(Guardianship.word)
        return asked
    letter = _letter(asked)
    try:
        gateways.send(kind, value, subject=letter.subject, text=letter.text)
    except OSError:
        raise CannotSend(field="address") from None
    _sent(asked.pk, timezone.now())
    return asked


def is_unsent(child: Person) -> bool:
    """Whether the last message to a guardian was tried in vain."""
    last = child.guardianships.order_by("created_at").last()
    return last is not None and _failed(last)


def _failed(asked: Guardianship) -> bool:
    return codes.delivery_of_message(asked.pk) in (codes.Delivery.DELAYED, codes.Delivery.FAILED)


def _asked_once(child: Person, kind: str, value: str, name: str) -> tuple[Guardianship, bool]:
    """The request, and whether it is new: not when it was made just before. Two presses at the same time wait here."""
    Person.objects.select_for_update().get(pk=child.pk)
    address = f"{kind}:{value}"
    lately = Guardianship.objects.filter(child=child, consented_at=None, created_at__gt=timezone.now() - AGAIN)
    for asked in lately:
        if _opened(asked) == address and not _failed(asked):
            return asked, False
    throttle.count("guardian-asked", str(child.pk), limit=5, minutes=24 * 60)
    throttle.count("guardian-told", lookup_of(kind, value), limit=10, minutes=24 * 60)
    codes.spend(kind)
    token = secrets.token_urlsafe(24)
    made = Guardianship.objects.create(
        child=child,
        guardian_sealed=encrypt(address, purpose=SEALED),
        guardian_name=name.strip()[:120],
        token_hash=_token_hash(token),
        token_sealed=encrypt(token, purpose=LINK),
        expires_at=timezone.now() + timedelta(days=GUARDIAN_DAYS),
    )
    return made, True


def _sent(key: UUID, _now: datetime) -> None:
    Guardianship.objects.filter(pk=key).update(token_sealed="")


@outbox.source(Guardianship.word, sent=_sent)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """To guardians who have not answered yet, while the link is good."""
    rows = Guardianship.objects.filter(pk__in=keys, expires_at__gt=now, consented_at=None).exclude(token_sealed="")
    return {row.pk: _letter(row) for row in rows.select_related("child")}


def _letter(asked: Guardianship) -> gateways.Letter:
    kind, _colon, value = _opened(asked).partition(":")
    link = f"{settings.BASE_URL}/dong-y/{decrypt(asked.token_sealed, purpose=LINK)}/"
    with translation.override(asked.child.language):
        text = _t("%(child)s muốn học cùng Học vụ số và cần bạn đồng ý: %(link)s")
        subject = _t("Xin bạn đồng ý cho con học")
        return gateways.Letter(kind, value, subject, text % {"child": asked.child.plain_name, "link": link})


def open_request(token: str) -> Guardianship:
    """The request behind a link, which stays good for taking the consent back. Raises GuardianAsked."""
    found = Guardianship.objects.select_related("child").filter(token_hash=_token_hash(token)).first()
    if found is None or found.withdrawn_at or (found.expires_at < timezone.now() and not found.consented_at):
        raise GuardianAsked
    return found


@transaction.atomic
def guardian_consents(*, request: Guardianship, by: Person) -> Guardianship:
    """The guardian, signed in with the identifier the request was sent to, consents; a child cannot be one.

    Twice is once. Raises GuardianAsked.
    """
    request = _locked(request)
    kind, _colon, value = _opened(request).partition(":")
    asked = by.identifiers.filter(kind=kind, lookup=lookup_of(kind, value)).exists()
    if by.pk == request.child_id or not asked or by.is_child(timezone.localdate()) or request.withdrawn_at:
        raise GuardianAsked
    if request.consented_at and request.guardian_id == by.pk:
        return request  # pressed twice
    request.guardian, request.consented_at = by, request.consented_at or timezone.now()
    request.save(update_fields=["guardian", "consented_at"])
    _note(request, Said.GIVEN)
    journal.write("guardian.consented", request, by=by)
    return request


@transaction.atomic
def guardian_withdraws(*, request: Guardianship, by: Person) -> Guardianship:
    """A guardian takes the consent back: from now on nothing is recorded for the child. Twice is once."""
    request = _locked(request)
    if request.guardian_id != by.pk:
        raise GuardianAsked
    if request.withdrawn_at:
        return request
    request.withdrawn_at = timezone.now()
    request.save(update_fields=["withdrawn_at"])
    _note(request, Said.WITHDRAWN)
    journal.write("guardian.withdrew", request, by=by)
    return request


@transaction.atomic
def erase(*, person: Person) -> None:
    """Anonymise: identifiers, codes sent to them, passkeys, names and consents go; what remains is tied to nobody.

    Roles end, and those who can fill them are told. An event goes up, so that rooms above erase what is theirs.
    """
    roles.end_all(person=person)
    for kind, lookup in person.identifiers.values_list("kind", "lookup"):
        OneTimeCode.objects.filter(kind=kind, lookup=lookup).delete()
    for rows in (person.identifiers, person.passkeys, person.guardianships, person.wards, person.consents):
        rows.all().delete()
    Person.objects.filter(pk=person.pk).update(
        name="",
        birth_year=None,
        sex="",
        audience="",
        ethnicity="",
        home_place=None,
        totp_sealed="",
        language="vi",
        session_salt=new_salt(),
        is_active=False,
        keeps_records=False,
        anonymised_at=timezone.now(),
    )
    PrivacyRequest.objects.create(person=person, kind=PrivacyRequest.Kind.ERASE, done_at=timezone.now())
    journal.write("person.erased", person, by=person)
    emit(PersonErased(person_id=str(person.pk)))


def note_export(*, person: Person) -> None:
    """Record that a person downloaded their data."""
    PrivacyRequest.objects.create(person=person, kind=PrivacyRequest.Kind.EXPORT, done_at=timezone.now())


def prefer(*, person: Person, **choices: Any) -> None:
    """Language and large type, as the person likes them."""
    allowed = {k: v for k, v in choices.items() if k in ("language", "large_type")}
    Person.objects.filter(pk=person.pk).update(**allowed)


def _note(request: Guardianship, said: Said) -> None:
    """What the guardian said stands in the child's history."""
    consents.note_records([request.child_id], said)
    Consent.objects.create(
        person_id=request.child_id,
        purpose=Purpose.LEARNING,
        said=said,
        wording=NOTICE,
        evidence=f"{Consent.GUARDIANSHIP}{request.pk}",
    )


def _locked(request: Guardianship) -> Guardianship:
    return Guardianship.objects.select_for_update(of=("self",)).select_related("child").get(pk=request.pk)


def _opened(request: Guardianship) -> str:
    return decrypt(request.guardian_sealed, purpose=SEALED)


def _token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()

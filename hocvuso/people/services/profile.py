"""A person's own data: correct, consent, guardians, erase (Personal Data Protection Law 91/2025/QH15)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import gateways, journal, throttle
from hocvuso.base.errors import Refusal
from hocvuso.base.events import emit
from hocvuso.base.secrets import decrypt, encrypt

from ..events import PersonErased
from ..models import Consent, Guardianship, OneTimeCode, Person, PrivacyRequest, new_salt
from ..queries import SEALED, lookup_of
from . import roles
from .signin import CannotSend, read_address

WORDING = "2026-11"
GUARDIAN_DAYS = 14


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
    """Write a person's corrections. Raises BadYear."""
    year = profile.birth_year
    if year is not None and not 1900 <= year <= timezone.localdate().year:
        raise BadYear(field="birth_year")
    person.name, person.birth_year, person.sex = profile.name.strip()[:120], year, profile.sex
    person.audience, person.home_place_id = profile.audience, profile.home_place or None
    person.ethnicity = profile.ethnicity
    person.save(update_fields=["name", "birth_year", "sex", "audience", "home_place", "ethnicity"])
    PrivacyRequest.objects.create(person=person, kind=PrivacyRequest.Kind.CORRECT, done_at=timezone.now())
    journal.write("person.corrected", person, by=person)
    return person


@transaction.atomic
def consent(*, person: Person, purpose: str, evidence: str) -> Consent:
    """Record that a person agreed to a purpose, under the present wording."""
    made = Consent.objects.create(person=person, purpose=purpose, wording=WORDING, evidence=evidence[:200])
    journal.write("consent.given", made, by=person, purpose=purpose)
    return made


def ask_guardian(*, child: Person, address: str, name: str) -> Guardianship:
    """Send a guardian the link at which to consent. Raises NotAnAddress, CannotSend, TooMany."""
    kind, value = read_address(address)
    throttle.count("guardian-asked", str(child.pk), limit=5, minutes=24 * 60)
    token = secrets.token_urlsafe(24)
    asked = Guardianship.objects.create(
        child=child,
        guardian_sealed=encrypt(f"{kind}:{value}", purpose=SEALED),
        guardian_name=name.strip()[:120],
        token_hash=_token_hash(token),
        expires_at=timezone.now() + timedelta(days=GUARDIAN_DAYS),
    )
    text = _t("%(child)s muốn học cùng Học vụ số và cần bạn đồng ý: %(link)s")
    link = f"{settings.BASE_URL}/dong-y/{token}/"
    try:
        gateways.send(
            kind, value, subject=_t("Xin bạn đồng ý cho con học"), text=text % {"child": child.plain_name, "link": link}
        )
    except OSError:
        asked.delete()
        raise CannotSend(field="address") from None
    journal.write("guardian.asked", asked, by=child)
    return asked


def open_request(token: str) -> Guardianship:
    """The request behind a link, which stays good for taking the consent back. Raises GuardianAsked."""
    found = Guardianship.objects.select_related("child").filter(token_hash=_token_hash(token)).first()
    if found is None or found.withdrawn_at or (found.expires_at < timezone.now() and not found.consented_at):
        raise GuardianAsked
    return found


@transaction.atomic
def guardian_consents(*, request: Guardianship, by: Person) -> Guardianship:
    """The guardian, signed in with the identifier the request was sent to, consents; a child cannot be one."""
    kind, _colon, value = _opened(request).partition(":")
    asked = by.identifiers.filter(kind=kind, lookup=lookup_of(kind, value)).exists()
    if by.pk == request.child_id or not asked or by.is_child(timezone.localdate()):
        raise GuardianAsked
    request.guardian, request.consented_at = by, request.consented_at or timezone.now()
    request.save(update_fields=["guardian", "consented_at"])
    Consent.objects.create(
        person=request.child, purpose="learning-records", wording=WORDING, evidence=_evidence_of(request)
    )
    journal.write("guardian.consented", request, by=by)
    return request


@transaction.atomic
def guardian_withdraws(*, request: Guardianship, by: Person) -> Guardianship:
    """A guardian takes the consent back: from now on nothing is recorded for the child."""
    if request.guardian_id != by.pk:
        raise GuardianAsked
    request.withdrawn_at = timezone.now()
    request.save(update_fields=["withdrawn_at"])
    given = Consent.objects.filter(person=request.child_id, evidence=_evidence_of(request), withdrawn_at=None)
    given.update(withdrawn_at=request.withdrawn_at)
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


def _evidence_of(request: Guardianship) -> str:
    return f"guardianship:{request.pk}"


def _opened(request: Guardianship) -> str:
    return decrypt(request.guardian_sealed, purpose=SEALED)


def _token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()

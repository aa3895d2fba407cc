"""A person's own data: correct, erase (Personal Data Protection Law 91/2025/QH15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from hocvuso.base import journal
from hocvuso.base.events import emit

from ..events import PersonErased
from ..models import OneTimeCode, Person, PrivacyRequest, new_salt
from ..rules_consent import Purpose, Said
from . import consents, guardians, roles
from .ages import AgeIsBinding, check_year


@dataclass(frozen=True)
class Profile:
    """What a person may correct about themselves."""

    name: str
    birth_year: int | None
    sex: str
    audience: str
    home_place: str | None
    ethnicity: str = ""
    position: str = ""


@transaction.atomic
def correct(*, person: Person, profile: Profile) -> Person:
    """Write a person's corrections. Naming one's ethnicity is consent to counting it, taking it out withdraws that.

    Raises BadYear; AgeIsBinding when a child would be none any more; GuardianAnswers for a child's ethnicity.
    """
    year = profile.birth_year
    check_year(year)
    if person.is_child(timezone.localdate()) and not Person(birth_year=year).is_child(timezone.localdate()):
        raise AgeIsBinding(field="birth_year")
    person.name, person.birth_year, person.sex = profile.name.strip()[:120], year, profile.sex
    person.audience, person.home_place_id = profile.audience, profile.home_place or None
    person.position = profile.position.strip()[:120]
    if person.ethnicity != profile.ethnicity:
        said = Said.GIVEN if profile.ethnicity else Said.WITHDRAWN
        consents.answer(person=person, purpose=Purpose.ETHNICITY, said=said, evidence="profile")
    person.ethnicity = profile.ethnicity
    person.save(update_fields=["name", "birth_year", "sex", "audience", "home_place", "ethnicity", "position"])
    PrivacyRequest.objects.create(person=person, kind=PrivacyRequest.Kind.CORRECT, done_at=timezone.now())
    journal.write("person.corrected", person, by=person)
    return person


@transaction.atomic
def introduce(*, person: Person, **said: Any) -> Person:
    """What somebody is asked at their first sign-in (name; year of birth, or position of staff); the rest stays."""
    known = {name: getattr(person, name) for name in ("name", "birth_year", "sex", "audience", "ethnicity", "position")}
    return correct(person=person, profile=Profile(**{**known, "home_place": person.home_place_id, **said}))


@transaction.atomic
def erase(*, person: Person) -> None:
    """Anonymise: identifiers, codes sent to them, passkeys, names and consents go; what remains is tied to nobody.

    Roles end, and those who can fill them are told. An event goes up, so that rooms above erase what is theirs.
    """
    roles.end_all(person=person)
    guardians.end_all(guardian=person)
    for kind, lookup in person.identifiers.values_list("kind", "lookup"):
        OneTimeCode.objects.filter(kind=kind, lookup=lookup).delete()
    for rows in (person.identifiers, person.passkeys, person.guardianships, person.consents):
        rows.all().delete()
    Person.objects.filter(pk=person.pk).update(
        name="",
        position="",
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

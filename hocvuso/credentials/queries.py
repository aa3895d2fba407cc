"""Checking a credential, and what the public page may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone

from hocvuso.assess.models import Attempt
from hocvuso.base import signing
from hocvuso.people.models import Person

from . import pictures
from .documents import issuer_profile, method_of
from .models import Credential, IssuerKey
from .rules import name_fits, signed_parts

__all__ = [
    "Verdict",
    "Verification",
    "check_document",
    "held_by",
    "picture",
    "issuer_profile",
    "not_taken",
    "that_stand",
    "trusted_keys",
    "verification",
]

Verdict = Literal["valid", "suspended", "revoked", "superseded", "expired", "forged", "unknown"]


@dataclass(frozen=True)
class Verification:
    """The answer to a stranger: the verdict, and no more of the holder than the holder chose."""

    verdict: Verdict
    title: str = ""
    title_en: str = ""
    issued_at: datetime | None = None
    name: str = ""
    outcomes: tuple[dict[str, Any], ...] = ()
    tier: int | None = None
    issuer: str = ""
    signed: dict[str, Any] | None = None
    pk: UUID | None = None
    superseded_by: UUID | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it is one of ours that is not valid today."""
        return self.verdict != "valid"

    def fits(self, name: str) -> bool:
        """Whether it was issued to this name, however it is written."""
        return self.signed is not None and name_fits(self.signed, name)


def verification(credential_id: UUID) -> Verification:
    """What the public page of a credential says."""
    rows = Credential.objects.select_related("edition", "key", "superseded_by")
    found = rows.filter(pk=credential_id).first()
    if found is None:
        return Verification("unknown")
    content = found.edition.content
    return Verification(
        verdict=verdict_of(found),
        title=content["title"],
        title_en=content["title_en"],
        issued_at=found.issued_at,
        name=found.holder_name if found.show_name else "",
        outcomes=tuple(content["outcomes"]),
        tier=found.tier,
        issuer=found.signed["issuer"]["name"],
        signed=found.signed,
        pk=found.pk,
        superseded_by=found.superseded_by.pk if hasattr(found, "superseded_by") else None,
    )


def picture(credential_id: UUID) -> bytes | None:
    """The picture of a valid credential that everybody may see; None where there is none."""
    rows = Credential.objects.select_related("edition", "key", "supersedes")
    found = rows.filter(pk=credential_id).first()
    if found is None or verdict_of(found) != "valid":
        return None
    return pictures.for_everybody(found, "landscape")


def check_document(document: Any) -> tuple[Verdict, Verification]:
    """Check a pasted or uploaded credential: its proof by our keys, then its standing with us."""
    try:
        method, signature, data = signed_parts(document)
    except (ValueError, TypeError, AttributeError, RecursionError):  # nested deeper than any certificate
        return "forged", Verification("forged")
    key = next((k for k in IssuerKey.objects.filter(compromised_at=None) if method_of(k) == method), None)
    if key is None:
        return "unknown", Verification("unknown")
    if not signing.verify(key.public, signature, data):
        return "forged", Verification("forged")
    try:
        found = verification(UUID(str(document["id"]).rstrip("/").rsplit("/", 1)[-1]))
    except (ValueError, KeyError):
        return "unknown", Verification("unknown")
    return found.verdict, found


def verdict_of(credential: Credential) -> Verdict:
    """How a credential stands today: its state, its key, its last day, its signature."""
    if credential.state == Credential.State.REVOKED:
        return "revoked"
    if credential.state == Credential.State.SUSPENDED:
        return "suspended"
    if credential.state == Credential.State.SUPERSEDED:
        return "superseded"
    if credential.key.compromised_at:
        return "revoked"
    if credential.expires_at and credential.expires_at <= timezone.now():
        return "expired"
    _method, signature, data = signed_parts(credential.signed)
    return "valid" if signing.verify(credential.key.public, signature, data) else "forged"


def held_by(person: Person) -> list[Credential]:
    """A person's certificates, latest first."""
    return list(Credential.objects.visible_to(person).select_related("edition", "key", "supersedes"))


def that_stand(person: Person) -> list[Credential]:
    """A person's certificates without those that another one supersedes."""
    return [one for one in held_by(person) if one.state != Credential.State.SUPERSEDED]


def not_taken(person: Person) -> list[Attempt]:
    """Final tests that the person passed without taking the certificate, in programmes of which they hold none; the
    latest of each.
    """
    held = Credential.objects.visible_to(person).exclude(state=Credential.State.REVOKED)
    passed = Attempt.objects.visible_to(person).filter(kind=Attempt.Kind.FINAL, result__passed=True, credentials=None)
    without = passed.exclude(programme__in=held.values("edition__programme"))
    latest = without.select_related("edition").order_by("created_at")
    return list({attempt.programme_id: attempt for attempt in latest}.values())


def trusted_keys() -> dict[str, str]:
    """Verification method → public key (Multikey), for the checker that works offline."""
    return {method_of(k): k.public for k in IssuerKey.objects.filter(compromised_at=None)}

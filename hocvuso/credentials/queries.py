"""Checking a credential, and what the public page may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone

from hocvuso.base import signing
from hocvuso.people.models import Person

from .documents import issuer_profile, method_of
from .models import Credential, IssuerKey
from .rules import signed_parts

__all__ = [
    "Verdict",
    "Verification",
    "check_document",
    "held_by",
    "issuer_profile",
    "trusted_keys",
    "verification",
]

Verdict = Literal["valid", "suspended", "revoked", "expired", "forged", "unknown"]


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
    signed: dict[str, Any] | None = None


def verification(credential_id: UUID) -> Verification:
    """What the public page of a credential says."""
    found = Credential.objects.select_related("edition", "key").filter(pk=credential_id).first()
    if found is None:
        return Verification("unknown")
    content = found.edition.content
    return Verification(
        verdict=_verdict(found),
        title=content["title"],
        title_en=content["title_en"],
        issued_at=found.issued_at,
        name=found.holder_name if found.show_name else "",
        outcomes=tuple(content["outcomes"]),
        tier=found.tier,
        signed=found.signed,
    )


def check_document(document: Any) -> tuple[Verdict, Verification]:
    """Check a pasted or uploaded credential: its proof by our keys, then its standing with us."""
    try:
        method, signature, data = signed_parts(document)
    except (ValueError, TypeError, AttributeError):
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


def _verdict(credential: Credential) -> Verdict:
    if credential.state == Credential.State.REVOKED:
        return "revoked"
    if credential.state == Credential.State.SUSPENDED:
        return "suspended"
    if credential.key.compromised_at:
        return "revoked"
    if credential.expires_at and credential.expires_at <= timezone.now():
        return "expired"
    _method, signature, data = signed_parts(credential.signed)
    return "valid" if signing.verify(credential.key.public, signature, data) else "forged"


def held_by(person: Person) -> list[Credential]:
    """A person's certificates, latest first."""
    return list(Credential.objects.visible_to(person).select_related("edition"))


def trusted_keys() -> dict[str, str]:
    """Verification method → public key (Multikey), for the checker that works offline."""
    return {method_of(k): k.public for k in IssuerKey.objects.filter(compromised_at=None)}

"""The JSON documents the issuer publishes: credential, issuer profile, status lists."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.utils import timezone

from hocvuso.assess.models import Attempt
from hocvuso.base import signing
from hocvuso.base.addresses import address_of
from hocvuso.base.text import same

from .models import Credential, IssuerKey
from .rules import CONTEXTS, PURPOSES, TOLERANCE, bitstring, moment, name_hash, with_proof

State = Credential.State
LISTED = {"revocation": (State.REVOKED, State.SUPERSEDED), "suspension": (State.SUSPENDED,)}


def issuer_id() -> str:
    """The address of the issuer's profile, which lists its keys."""
    return settings.BASE_URL + address_of("issuer")


def method_of(key: IssuerKey) -> str:
    """The verification method of a key."""
    return f"{issuer_id()}#{key.public}"


def issuer_profile() -> dict[str, Any]:
    """Open Badges Profile and controller document in one: name, and every key that may be trusted."""
    methods = [
        {"id": method_of(k), "type": "Multikey", "controller": issuer_id(), "publicKeyMultibase": k.public}
        for k in IssuerKey.objects.filter(compromised_at=None).order_by("created_at")
    ]
    return {
        "@context": ["https://www.w3.org/ns/cid/v1", CONTEXTS[1]],
        "id": issuer_id(),
        "type": ["Profile"],
        "name": settings.ENV["HOCVUSO_ISSUER_NAME"],
        "url": settings.BASE_URL,
        "verificationMethod": methods,
        "assertionMethod": [m["id"] for m in methods],
    }


def achievement(content: dict[str, Any], bundle: str) -> dict[str, Any]:
    """The achievement of finishing a programme: what its holder can do, and how that was shown."""
    can_do = [o["can_do"] for o in content["outcomes"]]
    return {
        "id": f"{settings.BASE_URL}{address_of('programme', content['key'])}#{bundle[:16]}",
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": content["title"],
        "description": content["summary"],
        "criteria": {"narrative": "Đạt bài kiểm tra cuối chương trình: " + "; ".join(can_do) + "."},
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": o["can_do"],
                "targetCode": o["competency"],
                "targetUrl": settings.BASE_URL + address_of("competency", o["competency"]),
            }
            for o in content["outcomes"]
        ],
    }


def credential_document(credential: Credential, evidence: dict[str, Any]) -> dict[str, Any]:
    """The unsigned credential. The holder's name is in it only as salted hashes: as written, and as it is compared.

    It is valid from a little earlier than it was awarded, for clocks of others that are behind ours.
    """
    content = credential.edition.content
    document = {
        "@context": CONTEXTS,
        "id": settings.BASE_URL + address_of("credential", credential.pk),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": content["title"],
        "issuer": {"id": issuer_id(), "type": ["Profile"], "name": settings.ENV["HOCVUSO_ISSUER_NAME"]},
        "validFrom": moment(credential.issued_at - TOLERANCE),
        "awardedDate": moment(credential.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_identity(credential.holder_name), _identity(same(credential.holder_name))],
            "achievement": achievement(content, credential.edition.bundle),
        },
        "evidence": [evidence],
        "credentialStatus": [
            {
                "id": f"{status_list_id(purpose)}#{credential.status_index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(credential.status_index),
                "statusListCredential": status_list_id(purpose),
            }
            for purpose in PURPOSES
        ],
    }
    if credential.expires_at:
        document["validUntil"] = moment(credential.expires_at)
    return document


def _identity(name: str) -> dict[str, Any]:
    salt = secrets.token_hex(8)
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": name_hash(name, salt),
        "identityType": "name",
        "salt": salt,
    }


def evidence_of(attempt: Attempt) -> dict[str, Any]:
    """What a credential says of the test behind it."""
    result = attempt.result or {}
    right, asked, theta, se = (result[name] for name in ("right", "asked", "theta", "se"))
    return {
        "type": ["Evidence"],
        "name": "Bài kiểm tra cuối chương trình",
        "narrative": f"Đúng {right} trong {asked} câu; năng lực {theta:.2f} ± {se:.2f} logit.",
    }


def status_list_id(purpose: str) -> str:
    """The address of a status list."""
    return settings.BASE_URL + address_of("status-list", purpose)


def status_list(purpose: str, key: IssuerKey) -> dict[str, Any]:
    """The signed status list credential of a purpose, as of now."""
    ended = Credential.objects.filter(state__in=LISTED[purpose]).values_list("status_index", flat=True)
    at = timezone.now() - TOLERANCE
    document = {
        "@context": CONTEXTS[:1],
        "id": status_list_id(purpose),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(),
        "validFrom": moment(at),
        "credentialSubject": {
            "id": status_list_id(purpose) + "#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bitstring(ended),
        },
    }
    return with_proof(document, method=method_of(key), at=at, sign=lambda data: signing.sign(key.sealed, data))

"""The verifiable credential: its shape, its proof, the status list. Pure functions.

Open Badges 3.0 (1EdTech), Verifiable Credentials Data Model 2.0, Data Integrity EdDSA Cryptosuites 1.0
(`eddsa-jcs-2022`), Bitstring Status List 1.0 (W3C).
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import base58
import rfc8785

from hocvuso.base.text import clean, same

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
STATUS_BITS = 131_072  # the least a list may hold (Bitstring Status List 1.0, 3.1), so that one bit hides among many
PURPOSES = ("revocation", "suspension")
TOLERANCE = timedelta(minutes=10)  # by which the clock of whoever verifies may be behind ours


def moment(at: datetime) -> str:
    """A time as credentials write it: seconds, UTC, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def name_hash(name: str, salt: str) -> str:
    """IdentityObject hash of a holder's name (Open Badges 3.0, B.5.1: sha256$ of identity and salt)."""
    return "sha256$" + sha256((name + salt).encode()).hexdigest()


def name_fits(document: dict[str, Any], name: str) -> bool:
    """Whether a credential was issued to this name, however it is written (case, spaces, composition)."""
    subject = document.get("credentialSubject")
    found = subject.get("identifier") if isinstance(subject, dict) else None
    identities = [i for i in found if isinstance(i, dict)] if isinstance(found, list) else []
    written = {clean(name), same(name)}
    return any(i.get("identityHash") == name_hash(n, str(i.get("salt", ""))) for i in identities for n in written)


def with_proof(
    document: dict[str, Any], *, method: str, at: datetime, sign: Callable[[bytes], bytes]
) -> dict[str, Any]:
    """`document` with a Data Integrity proof of suite eddsa-jcs-2022 (EdDSA Cryptosuites 1.0, 3.3)."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": moment(at),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    signature = sign(hash_data(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58.b58encode(signature).decode()}}


def hash_data(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """What is signed: SHA-256 of the canonical proof options, then of the canonical document (3.3.4, 3.3.5)."""
    return sha256(rfc8785.dumps(proof)).digest() + sha256(rfc8785.dumps(document)).digest()


def signed_parts(secured: dict[str, Any]) -> tuple[str, bytes, bytes]:
    """(verification method, signature, signed bytes) of a secured document. Raises ValueError if it has none."""
    proof = dict(secured.get("proof") or {})
    value = proof.pop("proofValue", "")
    if proof.get("cryptosuite") != "eddsa-jcs-2022" or not str(value).startswith("z"):
        raise ValueError("no eddsa-jcs-2022 proof")
    document = {k: v for k, v in secured.items() if k != "proof"}
    if proof.get("@context", document.get("@context")) != document.get("@context"):
        raise ValueError("the proof is of another context")
    try:
        return str(proof["verificationMethod"]), base58.b58decode(value[1:]), hash_data(document, proof)
    except (KeyError, rfc8785.CanonicalizationError) as error:
        raise ValueError("the proof cannot be read") from error


def bitstring(set_bits: Iterable[int]) -> str:
    """`encodedList`: multibase base64url of the gzipped bits, bit 0 leftmost (Bitstring Status List 1.0, 3.2)."""
    bits = set(set_bits)
    size = max(STATUS_BITS, (max(bits, default=0) // 8 + 1) * 8)
    raw = bytearray(size // 8)
    for bit in bits:
        raw[bit // 8] |= 0x80 >> bit % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(raw), mtime=0)).decode().rstrip("=")


def bit_is_set(encoded: str, index: int) -> bool:
    """Read one bit of an `encodedList`."""
    packed = encoded.removeprefix("u")
    raw = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return bool(raw[index // 8] & (0x80 >> index % 8))

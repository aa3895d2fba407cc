"""Ed25519 keys: made, kept encrypted, used to sign (RFC 8032); shown as Multikey (W3C Controlled Identifiers)."""

from __future__ import annotations

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .secrets import decrypt, encrypt

_MULTICODEC_ED25519_PUB = b"\xed\x01"
_PURPOSE = "signing-key"


def new_key() -> tuple[str, str]:
    """A new key pair: (sealed private key, public key as multibase Multikey `z6Mk…`)."""
    key = Ed25519PrivateKey.generate()
    public = multikey(key.public_key().public_bytes_raw())
    return encrypt(key.private_bytes_raw().hex(), purpose=_PURPOSE), public


def sign(sealed: str, data: bytes) -> bytes:
    """64-byte signature of `data` by a sealed private key."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(decrypt(sealed, purpose=_PURPOSE))).sign(data)


def verify(public: str, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` was made by the key whose Multikey is `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(raw_key(public)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def multikey(raw: bytes) -> str:
    """Public key bytes as multibase base58btc Multikey."""
    return "z" + base58.b58encode(_MULTICODEC_ED25519_PUB + raw).decode()


def raw_key(public: str) -> bytes:
    """The 32 key bytes of a Multikey. Raises ValueError for anything else."""
    raw = base58.b58decode(public[1:]) if public.startswith("z") else b""
    if raw[:2] != _MULTICODEC_ED25519_PUB or len(raw) != 34:
        raise ValueError("not an Ed25519 Multikey")
    return raw[2:]

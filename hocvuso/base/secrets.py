"""One master secret; every use has a key of its own derived from it (HKDF-SHA256, RFC 5869)."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def master_secret(given: str, folder: Path) -> str:
    """The configured secret, or the one kept in `folder`/secret.key, made at first use (mode 0600)."""
    if given:
        if len(given) < 32:
            raise SystemExit("HOCVUSO_SECRET is too short: use at least 32 random characters.")
        return given
    path = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


@cache
def derive(master: str, purpose: str) -> bytes:
    """32 bytes for one purpose."""
    return HKDF(SHA256(), 32, salt=None, info=f"hocvuso/{purpose}".encode()).derive(master.encode())


def _key(purpose: str) -> bytes:
    from django.conf import settings

    return derive(settings.MASTER_SECRET, purpose)


def encrypt(text: str, *, purpose: str) -> str:
    """AES-256-GCM with a random nonce; the purpose is authenticated with it."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key(purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str, *, purpose: str) -> str:
    """Undo `encrypt`. Raises cryptography.exceptions.InvalidTag for a changed text or another key."""
    raw = base64.urlsafe_b64decode(sealed)
    return AESGCM(_key(purpose)).decrypt(raw[:12], raw[12:], purpose.encode()).decode()


def keyed_hash(text: str, *, purpose: str) -> str:
    """HMAC-SHA256 in hex: finds a value without storing it."""
    return hmac.new(_key(purpose), text.encode(), sha256).hexdigest()

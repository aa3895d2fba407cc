"""One master secret; every use has a key of its own derived from it (HKDF-SHA256, RFC 5869)."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .files import sync

KEY_FILE = "secret.key"


def master_secret(given: str, folder: Path) -> tuple[str, bool]:
    """(the master secret, whether it is kept): the configured one, that of `folder`/secret.key, or a new one.

    A new one is kept nowhere yet: `hocvuso setup` keeps it (`base.master.settle`) when the database has none either.
    """
    if given:
        return long_enough(given, "HOCVUSO_SECRET"), True
    folder.mkdir(parents=True, exist_ok=True)
    try:
        kept = (folder / KEY_FILE).read_text().strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48), False
    return long_enough(kept, str(folder / KEY_FILE)), True


def long_enough(secret: str, where: str) -> str:
    """The secret itself. Raises SystemExit with a sentence when it is no secret; `where` it stands."""
    if len(secret) < 32:
        raise SystemExit(f"{where} is too short: use at least 32 random characters.")
    return secret


def keep(secret: str, path: Path) -> None:
    """Write a secret to a new file that only its owner reads, down to the disk. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


@lru_cache(maxsize=256)  # those of every day stay; one for each thing done once (base.once) does not
def derive(master: str, purpose: str) -> bytes:
    """32 bytes for one purpose."""
    return HKDF(SHA256(), 32, salt=None, info=f"hocvuso/{purpose}".encode()).derive(master.encode())


def _key(purpose: str, master: str | None) -> bytes:
    from django.conf import settings

    return derive(settings.MASTER_SECRET if master is None else master, purpose)


def encrypt(text: str, *, purpose: str, master: str | None = None) -> str:
    """AES-256-GCM with a random nonce; the purpose is authenticated with it. `master`: another than the site's."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key(purpose, master)).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str, *, purpose: str) -> str:
    """Undo `encrypt`. Raises cryptography.exceptions.InvalidTag for a changed text or another key."""
    raw = base64.urlsafe_b64decode(sealed)
    return AESGCM(_key(purpose, None)).decrypt(raw[:12], raw[12:], purpose.encode()).decode()


def keyed_hash(text: str, *, purpose: str, master: str | None = None) -> str:
    """HMAC-SHA256 in hex: finds a value without storing it. `master`: another than the site's."""
    return hmac.new(_key(purpose, master), text.encode(), sha256).hexdigest()

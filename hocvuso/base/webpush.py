"""Messages to a browser that is not open: encrypted for it (RFC 8291, RFC 8188), signed as ours (RFC 8292).

A browser that may be called names an address at its maker's push service, a public key and a secret. Only that browser
can read what is sent; the service between sees how much and when.
"""

from __future__ import annotations

import json
import secrets as chance
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ec import derive_private_key as _private
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as _generate
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .gateways import Call

CURVE = SECP256R1()
RECORD = 4096  # bytes that every push service takes
LONGEST_TEXT = 3000  # bytes of one message, all of it in one record
SIGNED_FOR = timedelta(hours=12)  # a service takes no more than a day
WAITS = timedelta(days=1)  # that the service keeps it for a browser that is away
LONGEST_ADDRESS = 1000


class BadSubscription(ValueError):
    """What was given is no subscription of a browser."""


@dataclass(frozen=True)
class Subscription:
    """Where a browser is called, its public key (65 bytes), and the secret it shares with us (16 bytes)."""

    endpoint: str
    key: bytes
    secret: bytes

    @classmethod
    def read(cls, text: str) -> Subscription:
        """A subscription as a browser writes it (`PushSubscription.toJSON`). Raises BadSubscription."""
        try:
            told = json.loads(text)
            endpoint, keys = str(told["endpoint"]), told["keys"]
            key, secret = unpacked(keys["p256dh"]), unpacked(keys["auth"])
            EllipticCurvePublicKey.from_encoded_point(CURVE, key)
            parts = urlsplit(endpoint)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            raise BadSubscription(str(fault)) from fault
        fits = len(key) == 65 and len(secret) == 16 and len(endpoint) <= LONGEST_ADDRESS and endpoint.isascii()
        if not fits or parts.scheme not in ("https", "http") or not parts.hostname:
            raise BadSubscription("it does not fit")
        return cls(endpoint, key, secret)

    def written(self) -> str:
        """The same as a text, which `read` reads."""
        keys = {"p256dh": packed(self.key), "auth": packed(self.secret)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys})


def packed(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Undo `packed`. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_key() -> str:
    """A new private key, by which push services know who calls."""
    return f"{_generate(CURVE).private_numbers().private_value:064x}"


def public_key(private: str) -> str:
    """The public part, as a browser asks for it when it lets itself be called."""
    return packed(_point(_private(int(private, 16), CURVE).public_key()))


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(text: bytes, to: Subscription, *, salt: bytes = b"", once: str = "") -> bytes:
    """The body for one browser. `salt` and the private key `once` are new for each message, but for known answers."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"longer than {LONGEST_TEXT} bytes")
    salt = salt or chance.token_bytes(16)
    mine = _private(int(once or new_key(), 16), CURVE)
    ours, theirs = _point(mine.public_key()), EllipticCurvePublicKey.from_encoded_point(CURVE, to.key)
    shared = mine.exchange(ECDH(), theirs)
    secret = HKDF(SHA256(), 32, salt=to.secret, info=b"WebPush: info\0" + to.key + ours).derive(shared)
    key = HKDF(SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\0").derive(secret)
    head = salt + struct.pack("!IB", RECORD, len(ours)) + ours
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)  # 2: the last record, no padding


def authorization(endpoint: str, *, private: str, contact: str, now: datetime) -> str:
    """The header that says who calls (RFC 8292): a JWT for this push service, signed by ES256, and the public key."""
    parts = urlsplit(endpoint)
    ends = int((now + SIGNED_FOR).timestamp())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": ends, "sub": contact}
    signed = ".".join(packed(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_private(int(private, 16), CURVE).sign(signed.encode(), ECDSA(SHA256())))
    signature = packed(r.to_bytes(32) + s.to_bytes(32))
    return f"vapid t={signed}.{signature}, k={public_key(private)}"


def call(text: bytes, to: Subscription, *, private: str, contact: str, now: datetime, topic: str) -> Call:
    """One message as the outbox sends it. A later one of the same `topic` takes the place of one not yet shown."""
    headers = {
        "Authorization": authorization(to.endpoint, private=private, contact=contact, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(WAITS.total_seconds())),
        "Urgency": "low",
        "Topic": topic,
    }
    return Call(to.endpoint, headers, encrypt(text, to))

"""`hocvuso rotate-key`."""

from __future__ import annotations

from hocvuso.credentials import services


def rotate(*, compromised: str | None) -> int:
    """Retire the signing key, or condemn the one that is named; print the key that signs now."""
    try:
        key = services.condemn_key(public=compromised) if compromised else services.rotate_key()
    except services.UnknownKey as refusal:
        print(refusal)
        return 1
    print(key.public)
    return 0

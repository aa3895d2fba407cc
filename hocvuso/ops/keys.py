"""`hocvuso rotate-key`."""

from hocvuso.credentials import services


def rotate(*, compromised: bool) -> int:
    """Retire the signing key; print the new one."""
    print(services.rotate_key(compromised=compromised).public)
    return 0

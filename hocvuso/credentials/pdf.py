"""The certificate as PDF, rendered when somebody asks (Typst); the signed credential is attached to it."""

from __future__ import annotations

from .drawn import draw
from .models import Credential


def render(credential: Credential) -> bytes:
    """A4 landscape, one page, Vietnamese and English, with the QR code of the public page."""
    return draw("certificate.typ", credential, name=credential.holder_name, format="pdf")

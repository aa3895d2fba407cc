"""The certificate as a picture, rendered when somebody asks: to be shown, and baked as Open Badges describes."""

from __future__ import annotations

from json import dumps
from typing import Literal

from .drawn import draw
from .models import Credential
from .rules_png import with_text

type Shape = Literal["landscape", "portrait"]  # 1200 × 630, as links show pictures; 1080 × 1350, as feeds do
KEYWORD = "openbadgecredential"  # Open Badges 3.0, 5.3.1


def for_everybody(credential: Credential, shape: Shape) -> bytes:
    """A PNG that shows the name only if its holder chose so."""
    return _drawn(credential, shape, credential.holder_name if credential.show_name else "")


def for_holder(credential: Credential, shape: Shape) -> bytes:
    """A PNG with the name, in which the signed credential is baked."""
    picture = _drawn(credential, shape, credential.holder_name)
    return with_text(picture, KEYWORD, dumps(credential.signed, ensure_ascii=False))


def _drawn(credential: Credential, shape: Shape, name: str) -> bytes:
    return draw("picture.typ", credential, name=name, inputs={"shape": shape}, format="png", ppi=72)

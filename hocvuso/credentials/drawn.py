"""What is drawn of a certificate, as data for the Typst templates; they draw it on paper and as pictures."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from json import dumps
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone

from hocvuso.base.addresses import address_of

from . import fonts
from .models import Credential

HERE = Path(__file__).parent
LOGO = HERE.parents[1] / "frontend" / "src" / "icon.svg"


def draw(template: str, credential: Credential, *, name: str, **how: Any) -> bytes:
    """A template filled with a certificate; `name` is what stands on it, empty for none."""
    source = _text(HERE / "shared.typ") + _text(HERE / template)
    inputs = {"data": dumps(_data(credential) | {"name": name}, ensure_ascii=False), **how.pop("inputs", {})}
    import typst  # 7 MB in each process, of which most never draw

    drawn: bytes = typst.compile(
        source.encode(),
        sys_inputs=inputs,
        font_paths=fonts.all_fonts(),
        ignore_system_fonts=True,
        timestamp=int(credential.issued_at.timestamp()),
        **how,
    )
    return drawn


def _data(credential: Credential) -> dict[str, Any]:
    qr = BytesIO()
    address = settings.BASE_URL + address_of("credential", credential.pk)
    segno.make(address, error="m").save(qr, kind="svg", border=0)
    content = credential.edition.content
    seal = _text(HERE / "seal.svg")
    day = timezone.localtime(credential.issued_at)
    return {
        "title": content["title"],
        "title_en": content["title_en"],
        "outcomes": [{"vi": o["can_do"], "en": o["can_do_en"]} for o in content["outcomes"]],
        "tier": str(credential.tier or ""),
        "day": _day(credential),
        "day_en": f"{day.day} {day:%B %Y}",
        "instead": _day(credential.supersedes) if credential.supersedes else "",
        "issuer": settings.ENV["HOCVUSO_ISSUER_NAME"],
        "address": address,
        "address-lines": address.removesuffix(str(credential.pk)) + " " + str(credential.pk),
        "qr": qr.getvalue().decode(),
        "logo": _text(LOGO),
        "seal": seal,
        "faint-seal": seal.replace("#c08a22", "#1d6f68"),
        "signed": dumps(credential.signed, ensure_ascii=False),
    }


def _day(credential: Credential) -> str:
    day = timezone.localtime(credential.issued_at)
    return f"ngày {day.day} tháng {day.month} năm {day.year}"


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")

"""The certificate as PDF, rendered when somebody asks (Typst)."""

from __future__ import annotations

from io import BytesIO
from json import dumps
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils import timezone

from .models import Credential

TEMPLATE = Path(__file__).with_name("certificate.typ")


def render(credential: Credential) -> bytes:
    """A4 landscape, Vietnamese and English, with the QR code of the public page."""
    qr = BytesIO()
    address = f"{settings.BASE_URL}/xac-minh/{credential.pk}"
    segno.make(address, error="m").save(qr, kind="svg", border=0)
    content = credential.edition.content
    day = timezone.localtime(credential.issued_at)
    data: dict[str, Any] = {
        "name": credential.holder_name,
        "title": content["title"],
        "title_en": content["title_en"],
        "outcomes": [{"vi": o["can_do"], "en": o["can_do_en"]} for o in content["outcomes"]],
        "tier": str(credential.tier or ""),
        "day": f"ngày {day.day} tháng {day.month} năm {day.year}",
        "day_en": f"{day.day} {day:%B %Y}",
        "issuer": settings.ENV["HOCVUSO_ISSUER_NAME"],
        "address": address,
        "qr": qr.getvalue().decode(),
    }
    return typst.compile(TEMPLATE.read_bytes(), sys_inputs={"data": dumps(data, ensure_ascii=False)})

"""What this room can count for indicators. What is still valid is what was issued less what was revoked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import Credential


def _told(credential: Any) -> tuple[str, str, Any]:
    return _t("Chứng nhận: %(title)s") % {"title": credential.edition.content["title"]}, "credential", credential.pk


register(
    Measure(
        name="credentials.issued",
        version=1,
        title=_("Chứng nhận đã cấp"),
        measured_in=Counted.CERTIFICATES,
        kind="stock",
        rows=lambda: Credential.objects.filter(supersedes=None).select_related(
            "edition"
        ),  # a corrected one is the same
        at="issued_at",
        changed="created_at",
        person="holder",
        record=_told,
    )
)
register(
    Measure(
        name="credentials.revoked",
        version=1,
        title=_("Chứng nhận đã thu hồi"),
        measured_in=Counted.CERTIFICATES,
        kind="stock",
        rows=lambda: Credential.objects.filter(state=Credential.State.REVOKED).select_related("edition"),
        at="ended_at",
        changed="ended_at",
        person="holder",
        record=_told,
    )
)

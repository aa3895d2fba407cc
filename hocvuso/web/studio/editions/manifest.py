"""Editions of programmes: upload, checks, review, publishing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="bien-soan/",
    labels={
        "edition.commented": _("góp ý chương trình"),
        "edition.drafted": _("đưa bản chương trình vào"),
        "edition.moved": _("chuyển bước bản chương trình"),
    },
)

"""My roles: offers that wait for me, taking them, laying a role down."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="tai-khoan/",
    labels={
        "role-offer.accepted": _("nhận vai trò được mời"),
        "role-offer.declined": _("từ chối lời mời giữ vai trò"),
    },
)

"""My consents: what I am asked to agree to, what I said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="tai-khoan/dong-y/",
    labels={
        "consent.given": _("đồng ý cho dùng dữ liệu"),
        "consent.declined": _("không đồng ý cho dùng dữ liệu"),
        "consent.withdrawn": _("rút lại sự đồng ý cho dùng dữ liệu"),
    },
)

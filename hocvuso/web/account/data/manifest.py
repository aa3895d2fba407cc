"""My data: what is kept, taking it along, erasing it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="tai-khoan/du-lieu/",
    labels={
        "person.erased": _("xoá tài khoản"),
    },
)

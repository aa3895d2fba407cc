"""The journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/nhat-ky/",
    menu=[
        MenuEntry("journal", _("Nhật ký"), May.SEE_JOURNAL, order=200),
    ],
)

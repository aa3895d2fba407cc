"""Rows that batches could not take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/chua-xu-ly/",
    menu=[
        MenuEntry("not-taken", _("Dòng chưa xử lý"), May.OPERATE, order=210),
    ],
)

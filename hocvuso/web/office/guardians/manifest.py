"""Somebody of the school or commune confirms what a guardian said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/giam-ho/",
    menu=[MenuEntry("guardian-confirm", _("Xác nhận giám hộ"), May.CONFIRM_GUARDIAN, order=55)],
    labels={
        "guardian.confirmed": _("xác nhận người giám hộ đã đồng ý"),
        "guardian.corrected-year": _("sửa năm sinh của trẻ"),
    },
)

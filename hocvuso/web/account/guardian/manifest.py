"""A guardian consents, takes it back; somebody of the school or commune confirms what a guardian said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dong-y/",
    menu=[MenuEntry("guardian-confirm", _("Xác nhận giám hộ"), May.CONFIRM_GUARDIAN, order=60)],
    labels={
        "guardian.confirmed": _("xác nhận người giám hộ đã đồng ý"),
        "guardian.consented": _("đồng ý cho trẻ học"),
        "guardian.corrected-year": _("sửa năm sinh của trẻ"),
        "guardian.declined": _("không đồng ý cho trẻ học"),
        "guardian.withdrew": _("rút đồng ý cho trẻ học"),
    },
)

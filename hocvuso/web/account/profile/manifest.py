"""My account: name, addresses, home; asking a guardian."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="tai-khoan/",
    links={"account": "account"},
    labels={
        "guardian.asked": _("xin người giám hộ đồng ý"),
        "person.corrected": _("sửa thông tin của mình"),
    },
)

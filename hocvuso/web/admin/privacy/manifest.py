"""Personal data: the register of processing, breaches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May
from hocvuso.privacy.models import may_protect

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/du-lieu-ca-nhan/",
    menu=[
        MenuEntry("protection", _("Dữ liệu cá nhân"), May.PROTECT_DATA, order=205, useful=may_protect),
    ],
    labels={
        "breach.recorded": _("ghi vi phạm dữ liệu cá nhân"),
        "breach.described": _("bổ sung vi phạm dữ liệu cá nhân"),
        "breach.told": _("thông báo vi phạm cho cơ quan chuyên trách"),
        "breach.not-owed": _("kết luận vi phạm không thuộc diện thông báo"),
        "breach.open": _("mở lại vi phạm dữ liệu cá nhân"),
        "breach.people-told": _("báo người bị ảnh hưởng"),
        "breach.closed": _("kết thúc vi phạm dữ liệu cá nhân"),
    },
    pages={"breach": "breach"},
)

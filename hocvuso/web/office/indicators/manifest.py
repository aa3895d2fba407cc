"""Indicators and figures: see, drill down, declare, targets, quality flags."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/chi-so/",
    menu=[
        MenuEntry("indicators", _("Chỉ số"), May.SEE_FIGURES, order=90),
    ],
    work=[
        WorkList(_("Số liệu cần giải trình"), waiting.figures_doubted, more=reverse_lazy("flags"), order=28),
    ],
    jobs={"quality.check": JobPage(_("Xét chất lượng số liệu"), lambda args: reverse("flags"))},
    labels={
        "flag.settled": _("xử lý cảnh báo số liệu"),
        "indicator.defined": _("định nghĩa chỉ số"),
        "target.removed": _("bỏ chỉ tiêu"),
        "target.set": _("đặt chỉ tiêu"),
        "targets.imported": _("nhập chỉ tiêu"),
        "value.corrected": _("sửa số liệu đã khai"),
        "value.declared": _("khai số liệu"),
    },
)

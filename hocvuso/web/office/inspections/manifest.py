"""Inspections: checklists, visits that work offline, findings, remedies."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/kiem-tra/",
    menu=[
        MenuEntry("inspections", _("Kiểm tra"), May.SEE_FIGURES, order=120),
    ],
    work=[
        WorkList(
            _("Kết luận kiểm tra chờ ban hành"),
            waiting.conclusions_waiting,
            more=reverse_lazy("inspections", query={"trang-thai": "running"}),
            order=26,
        ),
        WorkList(_("Lượt kiểm tra của bạn"), waiting.visits_to_make, more=reverse_lazy("inspections"), order=30),
        WorkList(_("Khắc phục sau kiểm tra"), waiting.remedies_waiting, more=reverse_lazy("findings"), order=31),
    ],
    labels={
        "finding.amended": _("sửa phát hiện kiểm tra"),
        "finding.recorded": _("ghi phát hiện kiểm tra"),
        "inspection.checklist": _("lập phiếu kiểm tra"),
        "inspection.conclusion": _("viết kết luận kiểm tra"),
        "inspection.edited": _("sửa cuộc kiểm tra"),
        "inspection.moved": _("chuyển bước cuộc kiểm tra"),
        "inspection.planned": _("lập cuộc kiểm tra"),
        "inspection.scope": _("chọn đơn vị được kiểm tra"),
        "inspection.team": _("lập đoàn kiểm tra"),
        "remedy.asked": _("giao khắc phục"),
        "remedy.moved": _("chuyển bước khắc phục"),
        "visit.photo": _("thêm ảnh kiểm tra"),
        "visit.sheet": _("ghi phiếu kiểm tra"),
    },
    pages={"inspection": "inspection", "finding": "finding"},
)

"""Units and who holds which role there."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/",
    menu=[
        MenuEntry("units", _("Đơn vị"), May.SEE_UNITS, order=170),
    ],
    labels={
        "factors.forgotten": _("đặt lại bước xác thực thứ hai"),
        "master-secret.changed": _("đổi khoá chủ"),
        "rows.counted": _("bắt đầu đếm bản ghi"),
        "site.set-up": _("cài đặt hệ thống lần đầu"),
        "role.ended": _("thôi vai trò"),
        "role.granted": _("giao vai trò"),
        "role.offered": _("mời giữ vai trò"),
        "role-offer.expired": _("lời mời giữ vai trò hết hạn"),
        "role-offer.withdrawn": _("rút lời mời giữ vai trò"),
        "unit.closed": _("đóng đơn vị"),
        "unit.opened": _("mở đơn vị"),
        "units.imported": _("nhập danh sách đơn vị"),
    },
    pages={"unit": "unit"},
    jobs={
        "units.import": JobPage(
            _("Nhập danh sách đơn vị"),
            lambda args: reverse("units" if args["apply"] else "units-import"),
            _("Nhập các đơn vị này"),
        ),
    },
)

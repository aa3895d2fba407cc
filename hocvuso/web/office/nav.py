"""The menu of the steering pages: what this person's roles open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvuso.people.queries import may
from hocvuso.people.rules import May

MENU = [
    ("", _("Việc của tôi"), None),
    ("tong-quan/", _("Tổng quan"), May.SEE_FIGURES),
    ("xa/", _("Xã, phường"), May.SEE_FIGURES),
    ("yeu-cau/", _("Yêu cầu"), May.HELP),
    ("ke-hoach/", _("Kế hoạch"), May.SEE_FIGURES),
    ("bao-cao/", _("Báo cáo"), May.SEE_FIGURES),
    ("don-doc/", _("Đôn đốc"), May.SEE_FIGURES),
    ("chi-so/", _("Chỉ số"), May.SEE_FIGURES),
    ("nhap-so-lieu/", _("Nhập số liệu"), May.STEWARD_DATA),
    ("bo-chi-so/", _("Bộ chỉ số"), May.SEE_FIGURES),
    ("kiem-tra/", _("Kiểm tra"), May.SEE_FIGURES),
    ("lay-y-kien/", _("Lấy ý kiến"), May.CONSULT),
    ("de-an/", _("Đề án"), May.SEE_FIGURES),
    ("van-ban/", _("Văn bản"), May.SEE_FIGURES),
    ("don-vi/", _("Đơn vị"), May.SEE_UNITS),
    ("chung-nhan/", _("Chứng nhận"), May.REVOKE),
    ("nhat-ky/", _("Nhật ký"), May.SEE_JOURNAL),
]


def office_nav(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu, on steering pages only."""
    prefix = "/dieu-hanh/"
    if not request.path.startswith(prefix):
        return {}
    here = request.path.removeprefix(prefix)
    shown = [(path, title) for path, title, needs in MENU if needs is None or may(request.user, needs)]
    return {
        "office_nav": [
            {"url": prefix + path, "title": title, "current": here.startswith(path) if path else not here}
            for path, title in shown
        ]
    }

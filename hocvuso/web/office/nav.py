"""The menu of the steering pages: what this person's roles open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.models import Credential
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May

HOME = "/dieu-hanh/"
ELSEWHERE = ("/dong-gop/",)  # addresses of their own, with the same menu
MENU = [
    ("", _("Việc của tôi"), None),
    ("tong-quan/", _("Tổng quan"), May.SEE_FIGURES),
    ("xa/", _("Xã, phường"), May.SEE_FIGURES),
    ("yeu-cau/", _("Yêu cầu"), May.HELP),
    ("yeu-cau/thoi-han/", _("Thời hạn trả lời"), May.DEFINE),
    ("ke-hoach/", _("Kế hoạch"), May.SEE_FIGURES),
    ("bao-cao/", _("Báo cáo"), May.SEE_FIGURES),
    ("don-doc/", _("Đôn đốc"), May.SEE_FIGURES),
    ("chi-so/", _("Chỉ số"), May.SEE_FIGURES),
    ("nhap-so-lieu/", _("Nhập số liệu"), May.STEWARD_DATA),
    ("bo-chi-so/", _("Bộ chỉ số"), May.SEE_FIGURES),
    ("kiem-tra/", _("Kiểm tra"), May.SEE_FIGURES),
    ("lay-y-kien/", _("Lấy ý kiến"), May.CONSULT),
    ("de-an/", _("Đề án"), May.SEE_FIGURES),
    ("/dong-gop/", _("Đóng góp"), May.PLEDGE),
    ("van-ban/", _("Văn bản"), May.SEE_FIGURES),
    ("don-vi/", _("Đơn vị"), May.SEE_UNITS),
    ("chung-nhan/", _("Chứng nhận"), May.REVOKE),
    ("api/", _("API"), May.GRANT_ROLES),
    ("nhat-ky/", _("Nhật ký"), May.SEE_JOURNAL),
]


# Beyond the permission: where there is something to do.
USEFUL: dict[Any, Callable[[Any], bool]] = {
    May.REVOKE: lambda person: Credential.objects.answered_for_by(person).exists(),
}


def _offered(person: Any, needs: Any) -> bool:
    return needs is None or may_anywhere(person, needs) and (needs not in USEFUL or USEFUL[needs](person))


def office_nav(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu, on steering pages only."""
    here = request.path
    if not here.startswith((HOME, *ELSEWHERE)):
        return {}
    shown = [(urljoin(HOME, path), title) for path, title, needs in MENU if _offered(request.user, needs)]
    within = [url for url, _title in shown if (here == url if url == HOME else here.startswith(url))]
    current = max(within, key=len, default="")  # a page of the menu may lie beneath another
    return {"office_nav": [{"url": url, "title": title, "current": url == current} for url, title in shown]}

"""The menu of the steering pages: what this person's roles open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.models import Credential
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May

HOME = "office"
ELSEWHERE = ("pledges",)  # pages of their own, with the same menu
MENU = [
    ("office", _("Việc của tôi"), None),
    ("dashboard", _("Tổng quan"), May.SEE_FIGURES),
    ("commune", _("Xã, phường"), May.SEE_FIGURES),
    ("resident-requests", _("Yêu cầu"), May.HELP),
    ("request-terms", _("Thời hạn trả lời"), May.DEFINE),
    ("plans", _("Kế hoạch"), May.SEE_FIGURES),
    ("reports", _("Báo cáo"), May.SEE_FIGURES),
    ("urging", _("Đôn đốc"), May.SEE_FIGURES),
    ("indicators", _("Chỉ số"), May.SEE_FIGURES),
    ("values-import", _("Nhập số liệu"), May.STEWARD_DATA),
    ("indices", _("Bộ chỉ số"), May.SEE_FIGURES),
    ("inspections", _("Kiểm tra"), May.SEE_FIGURES),
    ("consultations", _("Lấy ý kiến"), May.CONSULT),
    ("schemes", _("Đề án"), May.SEE_FIGURES),
    ("pledges", _("Đóng góp"), May.PLEDGE),
    ("documents", _("Văn bản"), May.SEE_FIGURES),
    ("units", _("Đơn vị"), May.SEE_UNITS),
    ("certificate-acts", _("Chứng nhận"), May.REVOKE),
    ("api-clients", _("API"), May.GRANT_ROLES),
    ("journal", _("Nhật ký"), May.SEE_JOURNAL),
]


# Beyond the permission: where there is something to do.
USEFUL: dict[Any, Callable[[Any], bool]] = {
    May.REVOKE: lambda person: Credential.objects.answered_for_by(person).exists(),
}


def _offered(person: Any, needs: Any) -> bool:
    return needs is None or may_anywhere(person, needs) and (needs not in USEFUL or USEFUL[needs](person))


def office_nav(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu, on steering pages only."""
    here, home = request.path, reverse(HOME)
    if not here.startswith((home, *(reverse(name) for name in ELSEWHERE))):
        return {}
    shown = [(reverse(name), title) for name, title, needs in MENU if _offered(request.user, needs)]
    within = [url for url, _title in shown if (here == url if url == home else here.startswith(url))]
    current = max(within, key=len, default="")  # a page of the menu may lie beneath another
    return {"office_nav": [{"url": url, "title": title, "current": url == current} for url, title in shown]}

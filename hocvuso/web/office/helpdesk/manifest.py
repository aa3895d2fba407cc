"""The desk of residents’ requests: what waits, one with what was said, writing down, terms."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/yeu-cau/",
    menu=[
        MenuEntry("resident-requests", _("Yêu cầu"), May.HELP, order=40),
        MenuEntry("request-terms", _("Thời hạn trả lời"), May.DEFINE, order=50),
    ],
    work=[
        WorkList(
            _("Người dân đang chờ giúp"), waiting.requests_waiting, more=reverse_lazy("resident-requests"), order=15
        ),
    ],
    labels={
        "request-term.set": _("đặt thời hạn trả lời"),
        "request.asked": _("gửi yêu cầu nhờ giúp"),
        "request.handed-over": _("chuyển yêu cầu cho đơn vị khác"),
        "request.moved": _("chuyển bước yêu cầu"),
        "request.said": _("nhắn về yêu cầu"),
    },
    pages={"resident-request": "resident-request"},
)

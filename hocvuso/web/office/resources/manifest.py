"""Pledges and needs: lists, forms, one of each, what is given to whom and for how long."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dong-gop/",
    menu=[
        MenuEntry("pledges", _("Đóng góp"), May.PLEDGE, order=150),
    ],
    work=[
        WorkList(
            _("Đóng góp chờ xác minh"),
            waiting.pledges_to_verify,
            more=reverse_lazy("pledges", query={"trang-thai": "offered"}),
            order=40,
        ),
    ],
    labels={
        "allocation.moved": _("chuyển bước phân bổ"),
        "need.changed": _("sửa nhu cầu"),
        "need.moved": _("chuyển bước nhu cầu"),
        "pledge.moved": _("chuyển bước đóng góp"),
    },
    pages={"pledge": "pledge", "need": "need"},
)

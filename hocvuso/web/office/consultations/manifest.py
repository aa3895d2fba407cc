"""Consultations: clauses, invitations, comments, answers, summary."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/lay-y-kien/",
    menu=[
        MenuEntry("consultations", _("Lấy ý kiến"), May.CONSULT, order=130),
    ],
    work=[
        WorkList(
            _("Lấy ý kiến chờ báo cáo Bộ trưởng"),
            waiting.reports_to_make,
            more=reverse_lazy("consultations", query={"trang-thai": "answered"}),
            order=27,
        ),
        WorkList(_("Văn bản chờ góp ý"), waiting.invitations_waiting, more=reverse_lazy("consultations"), order=32),
    ],
    labels={
        "comment.taken-back": _("rút ý kiến"),
        "comment.written": _("viết ý kiến"),
        "comments.sent": _("gửi góp ý"),
        "consultation.answered": _("trả lời ý kiến góp ý"),
        "consultation.clause": _("tách mục của dự thảo"),
        "consultation.document": _("đưa dự thảo lấy ý kiến"),
        "consultation.drafted": _("lập đợt lấy ý kiến"),
        "consultation.edited": _("sửa đợt lấy ý kiến"),
        "consultation.invited": _("mời góp ý"),
        "consultation.merged": _("gộp mục của dự thảo"),
        "consultation.moved": _("chuyển bước đợt lấy ý kiến"),
        "consultation.uninvited": _("thôi mời góp ý"),
    },
    pages={"consultation": "consultation"},
)

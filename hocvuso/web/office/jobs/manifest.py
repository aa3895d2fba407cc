"""Long work that a person asked for: how far it is, what came of it."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject, WorkList
from .waiting import living

SUBJECT = Subject(
    at="dieu-hanh/viec-chay/",
    work=[
        WorkList(_("Việc máy đang làm cho bạn"), living, more=reverse_lazy("jobs"), order=5),
    ],
    labels={
        "job.asked": _("yêu cầu máy làm một việc dài"),
        "job.cancelled": _("dừng một việc dài"),
    },
    pages={"job": "job"},
)

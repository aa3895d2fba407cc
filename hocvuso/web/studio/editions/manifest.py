"""Editions of programmes: upload, checks, review, publishing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.library.models import WithdrawalRequest
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import Asked, May

from ...kit.subjects import ROWS, JobPage, Subject, WorkItem, WorkList


def _to_confirm(person: Person) -> list[WorkItem]:
    """Withdrawals and returns that others asked for, where the person decides what is published."""
    asked = WithdrawalRequest.objects.filter(state=Asked.OPEN).exclude(asked_by=person)
    asked = asked.filter(edition__programme__owner__in=units_in_reach(person, May.APPROVE)).select_related("edition")
    return [
        WorkItem(row.edition.content["title"], reverse("edition", args=[row.edition_id]), note=row.reason)
        for row in asked[:ROWS]
    ]


def _of_edition(args: Mapping[str, Any]) -> str:
    return reverse("edition", args=[args["edition"]])


SUBJECT = Subject(
    at="bien-soan/",
    work=[
        WorkList(_("Đề nghị rút hay phát hành lại chương trình chờ người thứ hai"), _to_confirm, order=37),
    ],
    jobs={
        "edition.draft": JobPage(_("Đưa bản chương trình vào"), lambda args: reverse("edition-upload")),
        "edition.publish": JobPage(_("Phát hành chương trình"), _of_edition),
        "lessons.speak": JobPage(_("Đọc các bài thành tiếng"), _of_edition),
    },
    pages={"edition": "edition"},
    labels={
        "edition.commented": _("góp ý chương trình"),
        "edition.drafted": _("đưa bản chương trình vào"),
        "edition.moved": _("chuyển bước bản chương trình"),
        "programme.given": _("giao chương trình cho đơn vị chủ quản"),
        "source.checked": _("đọc lại một nguồn của chương trình"),
        "withdrawal-request.asked": _("đề nghị rút hay phát hành lại một chương trình"),
        "withdrawal-request.confirmed": _("xác nhận rút hay phát hành lại một chương trình"),
        "withdrawal-request.declined": _("không làm theo đề nghị rút hay phát hành lại chương trình"),
        "withdrawal-request.lapsed": _("đề nghị về một chương trình hết hiệu lực"),
    },
)

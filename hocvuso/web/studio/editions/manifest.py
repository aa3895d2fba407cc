"""Editions of programmes: upload, checks, review, publishing."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.library.models import WithdrawalRequest
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import Asked, May

from ...kit.subjects import ROWS, Subject, WorkItem, WorkList


def _to_confirm(person: Person) -> list[WorkItem]:
    """Withdrawals that others asked for, where the person decides what is published."""
    asked = WithdrawalRequest.objects.filter(state=Asked.OPEN).exclude(asked_by=person)
    asked = asked.filter(edition__programme__owner__in=units_in_reach(person, May.APPROVE)).select_related("edition")
    return [
        WorkItem(row.edition.content["title"], reverse("edition", args=[row.edition_id]), note=row.reason)
        for row in asked[:ROWS]
    ]


SUBJECT = Subject(
    at="bien-soan/",
    work=[
        WorkList(_("Đề nghị rút chương trình chờ người thứ hai"), _to_confirm, order=37),
    ],
    labels={
        "edition.commented": _("góp ý chương trình"),
        "edition.drafted": _("đưa bản chương trình vào"),
        "edition.moved": _("chuyển bước bản chương trình"),
        "withdrawal-request.asked": _("đề nghị rút một chương trình"),
        "withdrawal-request.confirmed": _("xác nhận rút một chương trình"),
        "withdrawal-request.declined": _("không rút chương trình được đề nghị"),
    },
)

"""Certificates: find, suspend, restore, revoke."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.models import Credential, RevocationRequest
from hocvuso.people.models import Person
from hocvuso.people.rules import Asked, May

from ...kit.subjects import ROWS, MenuEntry, Subject, WorkItem, WorkList


def _answers_for_some(person: Person) -> bool:
    return Credential.objects.answered_for_by(person).exists()


def _to_confirm(person: Person) -> list[WorkItem]:
    """What others asked of certificates that the person answers for."""
    asked = RevocationRequest.objects.filter(state=Asked.OPEN).exclude(asked_by=person)
    asked = asked.filter(credential__in=Credential.objects.answered_for_by(person)).select_related(
        "credential__edition"
    )
    return [
        WorkItem(
            row.credential.edition.content["title"],
            reverse("certificate-acts", query={"ma": row.credential_id}),
            note=row.reason,
        )
        for row in asked[:ROWS]
    ]


SUBJECT = Subject(
    at="dieu-hanh/chung-nhan/",
    menu=[
        MenuEntry("certificate-acts", _("Chứng nhận"), May.REVOKE, order=180, useful=_answers_for_some),
    ],
    work=[
        WorkList(_("Đề nghị về chứng nhận chờ người thứ hai"), _to_confirm, order=38),
    ],
    labels={
        "revocation-request.asked": _("đề nghị thu hồi, hoặc bỏ việc thu hồi, một chứng nhận"),
        "revocation-request.confirmed": _("xác nhận đề nghị về một chứng nhận"),
        "revocation-request.declined": _("không thực hiện đề nghị về một chứng nhận"),
        "revocation-request.lapsed": _("đề nghị về một chứng nhận hết hiệu lực"),
        "credential.issued": _("nhận chứng nhận"),
        "credential.moved": _("đổi trạng thái chứng nhận"),
        "credential.superseded": _("sửa tên trên chứng nhận, bằng một chứng nhận mới"),
        "issuer-key.compromised": _("khoá cấp chứng nhận bị lộ"),
        "issuer-key.made": _("tạo khoá cấp chứng nhận"),
        "issuer-key.retired": _("thôi dùng khoá cấp chứng nhận"),
    },
)

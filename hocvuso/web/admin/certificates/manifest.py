"""Certificates: find, suspend, restore, revoke."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.credentials.models import Credential
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject


def _answers_for_some(person: Person) -> bool:
    return Credential.objects.answered_for_by(person).exists()


SUBJECT = Subject(
    at="dieu-hanh/chung-nhan/",
    menu=[
        MenuEntry("certificate-acts", _("Chứng nhận"), May.REVOKE, order=180, useful=_answers_for_some),
    ],
    labels={
        "credential.issued": _("nhận chứng nhận"),
        "credential.moved": _("đổi trạng thái chứng nhận"),
        "issuer-key.made": _("tạo khoá cấp chứng nhận"),
        "issuer-key.retired": _("thôi dùng khoá cấp chứng nhận"),
    },
)

"""Administrative documents and numbering books."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject, WorkList
from . import waiting

SUBJECT = Subject(
    at="dieu-hanh/van-ban/",
    menu=[
        MenuEntry("documents", _("Văn bản"), May.SEE_FIGURES, order=160),
    ],
    work=[
        WorkList(_("Văn bản chờ ban hành"), waiting.documents_to_issue, more=reverse_lazy("documents"), order=35),
    ],
    labels={
        "document-profile.set": _("đặt thể thức văn bản của đơn vị"),
        "document.drafted": _("soạn văn bản"),
        "document.edited": _("sửa văn bản"),
        "document.issued": _("ban hành văn bản"),
    },
    pages={"official-document": "document"},
)

"""Schemes: links, shares, the matrix, sums without double counting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/de-an/",
    menu=[
        MenuEntry("schemes", _("Đề án"), May.SEE_FIGURES, order=140),
    ],
    labels={
        "scheme.kept": _("lưu đề án"),
        "scheme.linked": _("gắn tỉ trọng vào đề án"),
    },
)

"""A commune on one page: duties, due times, how residents learn, the morning brief."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/xa/",
    menu=[
        MenuEntry("commune", _("Xã, phường"), May.SEE_FIGURES, order=30),
    ],
)

"""Dashboards: map, ladders, trends, alerts; wall screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/tong-quan/",
    menu=[
        MenuEntry("dashboard", _("Tổng quan"), May.SEE_FIGURES, order=20),
    ],
)

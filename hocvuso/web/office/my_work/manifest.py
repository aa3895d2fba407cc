"""“Việc của tôi”: what waits for this person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/",
    menu=[
        MenuEntry("office", _("Việc của tôi"), order=10),
    ],
)

"""Lists that come in as tables: values, populations, targets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/nhap-so-lieu/",
    menu=[
        MenuEntry("values-import", _("Nhập số liệu"), May.STEWARD_DATA, order=100),
    ],
    labels={
        "population.removed": _("bỏ số dân số"),
        "populations.imported": _("nhập dân số"),
        "values.imported": _("nhập số liệu"),
    },
)

"""Lists that come in as tables: values, populations, targets."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject

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
    jobs={
        "populations.import": JobPage(_("Nhập dân số"), lambda args: reverse("populations"), _("Nhập các số này")),
        "targets.import": JobPage(_("Nhập chỉ tiêu"), lambda args: reverse("target-lists"), _("Nhập các chỉ tiêu này")),
        "values.import": JobPage(
            _("Nhập số liệu"),
            lambda args: reverse("indicators" if args["apply"] else "values-import"),
            _("Nhập các số liệu này"),
        ),
    },
)

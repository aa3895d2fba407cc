"""Indices: definitions, live ranking, history, what would raise a unit most."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import May

from ...kit.subjects import MenuEntry, Subject

SUBJECT = Subject(
    at="dieu-hanh/bo-chi-so/",
    menu=[
        MenuEntry("indices", _("Bộ chỉ số"), May.SEE_FIGURES, order=110),
    ],
    labels={
        "index.computed": _("tính và xếp hạng bộ chỉ số"),
        "index.defined": _("đặt bộ chỉ số"),
    },
)

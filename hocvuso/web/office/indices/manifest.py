"""Indices: definitions, live ranking, history, what would raise a unit most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.indices.models import IndexDefinition
from hocvuso.people.rules import May

from ...kit.subjects import JobPage, MenuEntry, Subject


def _ladder(args: Mapping[str, Any]) -> str:
    found = IndexDefinition.objects.filter(pk=args["index"]).first()
    if found is None:
        return reverse("indices")
    return reverse("index", args=[found.key, found.year], query={"ky": args["period"], "loai": args["kind"]})


SUBJECT = Subject(
    at="dieu-hanh/bo-chi-so/",
    menu=[
        MenuEntry("indices", _("Bộ chỉ số"), May.SEE_FIGURES, order=110),
    ],
    jobs={"index.compute": JobPage(_("Tính và xếp hạng bộ chỉ số"), _ladder)},
    labels={
        "index.computed": _("tính và xếp hạng bộ chỉ số"),
        "index.defined": _("đặt bộ chỉ số"),
    },
)

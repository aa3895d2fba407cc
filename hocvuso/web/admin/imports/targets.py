"""Targets of all indicators and units in one's reach; lists of them in and out."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Target
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May

from ...kit import tables, uploads
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.long_work import go_on
from . import forms

PAGE = 50


@staff(May.SEE_FIGURES)
def targets(request: PersonRequest) -> HttpResponseBase:
    """Targets by indicator, period and unit; who may set them brings lists in."""
    bringing = uploads.previewed(
        request,
        "targets",
        plan=lambda name, content: services.plan_targets(name=name, content=content, by=request.user),
        apply=lambda made, name: services.apply_table(made=made, by=request.user, source=name),
        long="targets.import",
    )
    if bringing.job:
        return go_on(request, bringing.job)
    if bringing.written is not None:
        said = _("Đã ghi chỉ tiêu: %(count)s dòng.") % {"count": trimmed(bringing.written)}
        say_done(request, bringing.written, said, none=uploads.NOTHING_NEW)
        return redirect("target-lists")
    form = forms.TargetsFilter.of(request)
    found = _found(request, form.asked)
    if (kind := request.GET.get("tai")) and form.is_valid():
        rows = ([t.indicator, t.unit.code, t.period, t.value, t.source] for t in found.iterator(2000))
        return tables.download(kind, "chi-tieu", ["indicator", "unit", "period", "value", "source"], rows)
    book = {indicator.key: indicator for indicator in queries.current_indicators()}
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "bringing": bringing,
        "page": page,
        "rows": [(target, book.get(target.indicator)) for target in page],
        "may_write": may_anywhere(request.user, May.DEFINE),
        "may_values": may_anywhere(request.user, May.STEWARD_DATA),
    }
    return render(request, "admin/imports/targets.html", context, status=max(form.status, bringing.form.status))


def _found(request: PersonRequest, asked: dict[str, Any]) -> QuerySet[Target]:
    units = queries.units_to_see(request.user)
    found = Target.objects.filter(holding(asked["text"], "unit__search"), unit__in=units)
    exactly = {name: asked[name] for name in ("indicator", "period") if asked[name]}
    return found.filter(**exactly).select_related("unit").order_by("indicator", "-period", "unit__path")

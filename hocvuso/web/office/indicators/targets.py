"""Targets of an indicator: by unit and period, each with its source."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Target
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .forms import RemoveTargetForm, TargetForm
from .pages import current

PAGE = 50


@staff(May.SEE_FIGURES)
def targets(request: PersonRequest, key: str) -> HttpResponse:
    """Targets in one's reach, and the form to set one."""
    found = current(key)
    form = TargetForm.of(request, indicator=found, within={"unit": units_in_reach(request.user, May.DEFINE)})
    if form.attempt(services.set_target, indicator=found, by=request.user):
        messages.success(request, _("Đã ghi chỉ tiêu."))
        return redirect("indicator-targets", key)
    in_reach = Target.objects.filter(indicator=key, unit__in=queries.units_to_see(request.user))
    ordered = in_reach.select_related("unit", "set_at").order_by("-period", "unit__path")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("trang"))
    context = {
        "indicator": found,
        "page": page,
        "rows": [(t, may(request.user, May.DEFINE, t.unit) and not services.locked(t, request.user)) for t in page],
        "may_set": may_anywhere(request.user, May.DEFINE),
    }
    return answer(request, "office/indicators/targets.html", form, context)


@staff(May.DEFINE)
@require_POST
def remove(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    """Take a target away."""
    in_reach = Target.objects.filter(indicator=key, unit__in=units_in_reach(request.user, May.DEFINE))
    target = get_object_or_404(in_reach.select_related("unit", "set_at"), pk=pk)
    form = RemoveTargetForm.of(request)
    if form.take(target=target, by=request.user):
        messages.success(request, _("Đã bỏ chỉ tiêu."))
    for fault in form.non_field_errors():
        messages.warning(request, str(fault))
    return redirect("indicator-targets", key)

"""Targets of an indicator: by unit and period, each with its source."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Target
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .declaring import number
from .pages import current, unit_in_reach

PAGE = 50


class NoSuchUnit(Refusal):
    """The code names no unit there."""

    code = "no-such-unit"
    says = gettext_lazy("Không có đơn vị mang mã này trong phạm vi của bạn.")


@staff(May.SEE_FIGURES)
def targets(request: PersonRequest, key: str) -> HttpResponse:
    """Targets in one's reach, and the form to set one."""
    found = current(key)
    refusal = None
    if request.method == "POST":
        try:
            unit = unit_in_reach(request, May.DEFINE, request.POST.get("unit", ""))
            if unit is None:
                raise NoSuchUnit(field="unit")
            services.set_target(
                indicator=found,
                unit=unit,
                period=request.POST.get("period", "").strip(),
                value=number(request.POST.get("value", ""), field="value"),
                source=request.POST.get("source", ""),
                by=request.user,
            )
            messages.success(request, _("Đã ghi chỉ tiêu."))
            return redirect("indicator-targets", key)
        except NotAllowed:
            raise
        except Refusal as error:
            refusal = error
    in_reach = Target.objects.filter(indicator=key, unit__in=queries.units_to_see(request.user))
    ordered = in_reach.select_related("unit", "set_at").order_by("-period", "unit__path")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("trang"))
    context = {
        "indicator": found,
        "page": page,
        "rows": [(t, may(request.user, May.DEFINE, t.unit) and not services.locked(t, request.user)) for t in page],
        "may_set": may_anywhere(request.user, May.DEFINE),
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "office/indicators/targets.html", context, status=400 if refusal else 200)


@staff(May.DEFINE)
@require_POST
def remove(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    """Take a target away."""
    in_reach = Target.objects.filter(indicator=key, unit__in=units_in_reach(request.user, May.DEFINE))
    try:
        services.remove_target(
            target=get_object_or_404(in_reach.select_related("unit", "set_at"), pk=pk), by=request.user
        )
        messages.success(request, _("Đã bỏ chỉ tiêu."))
    except services.SetAbove as refusal:
        messages.warning(request, str(refusal))
    return redirect("indicator-targets", key)

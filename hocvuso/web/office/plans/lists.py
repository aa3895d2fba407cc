"""Lists of plans and of templates, and where plans begin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.errors import Refusal
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import PlanState
from hocvuso.plans.services import assigning, writing

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.gate import staff
from . import forms

PAGE = 25


@staff(May.SEE_FIGURES)
def overview(request: PersonRequest) -> HttpResponse:
    """Plans that one may see, by state, unit and words."""
    wanted = forms.wanted(request.GET, request.user)
    context = {
        "page": Paginator(queries.plans(request.user, wanted), PAGE).get_page(request.GET.get("trang")),
        "wanted": wanted,
        "states": PlanState.choices,
        "unit_typed": request.GET.get("don-vi", ""),
        "may_plan": may_anywhere(request.user, May.PLAN),
    }
    return render(request, "office/plans/plans.html", context)


@staff(May.SEE_FIGURES)
def download(request: PersonRequest, kind: str) -> HttpResponseBase:
    """The list as Excel or CSV."""
    found = queries.plans(request.user, forms.wanted(request.GET, request.user))
    rows = (
        [p.title, p.number, p.issued_on, p.unit.name, p.get_state_display(), p.starts_on, p.ends_on, p.task_count]  # type: ignore[attr-defined]
        for p in found.iterator(2000)
    )
    head = [
        _("Tên"),
        _("Số"),
        _("Ngày ban hành"),
        _("Đơn vị"),
        _("Trạng thái"),
        _("Từ ngày"),
        _("Đến ngày"),
        _("Nhiệm vụ"),
    ]
    return tables.download(kind, "ke-hoach", head, rows)


@staff(May.SEE_FIGURES)
def templates(request: PersonRequest) -> HttpResponse:
    """Templates of one's units and of those above."""
    page = Paginator(queries.templates(request.user), PAGE).get_page(request.GET.get("trang"))
    return render(
        request, "office/plans/templates.html", {"page": page, "may_plan": may_anywhere(request.user, May.PLAN)}
    )


@staff(May.PLAN)
def new(request: PersonRequest) -> HttpResponse:
    """Begin a plan: blank, or from a template."""
    context: dict[str, Any] = {
        "units": my_units(request),
        "templates": queries.templates(request.user)[:100],
        "typed": {"template": request.GET.get("mau", "")},
    }
    if request.method == "POST":
        try:
            plan = _begin(request)
            messages.success(request, _("Đã lập bản thảo. Hãy thêm nhiệm vụ."))
            return redirect("plan", plan.pk)
        except Refusal as refusal:
            context |= {"refusal": refusal, "typed": forms.as_typed(request.POST)}
    return render(request, "office/plans/new.html", context, status=400 if "refusal" in context else 200)


def _begin(request: PersonRequest) -> Plan:
    unit = forms.unit(request.POST.get("unit", ""), "unit")
    if unit is None:
        raise forms.WhichUnit(field="unit", typed="")
    text = forms.plan_text(request.POST)
    template: UUID | None = forms.as_key(request.POST.get("template", ""))
    if template is None:
        return writing.start(unit=unit, text=text, by=request.user)
    found = get_object_or_404(Plan.objects.visible_to(request.user), pk=template, kind=Plan.Kind.TEMPLATE)
    return assigning.start_from(template=found, unit=unit, title=text.title, starts_on=text.starts_on, by=request.user)


def my_units(request: PersonRequest) -> list[str]:
    """The units one writes plans for, nearest first, as the form shows them."""
    own = list(queries.own_units(request.user).order_by("path")[:50])
    rest = units_in_reach(request.user, May.PLAN).exclude(pk__in=[unit.pk for unit in own])[: 100 - len(own)]
    return [forms.named(unit) for unit in [*own, *rest]]

"""Lists of plans and of templates, and where plans begin."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import assigning, writing
from hocvuso.plans.services.writing import PlanText
from hocvuso.units.models import Unit

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 25


@staff(May.SEE_FIGURES)
def overview(request: PersonRequest) -> HttpResponse:
    """Plans that one may see, by state, unit and words."""
    form = forms.PlansFilter.of(request)
    page = Paginator(queries.plans(request.user, form.wanted), PAGE).get_page(request.GET.get("trang"))
    return answer(
        request, "office/plans/plans.html", form, {"page": page, "may_plan": may_anywhere(request.user, May.PLAN)}
    )


@export
@staff(May.SEE_FIGURES)
def download(request: PersonRequest, kind: str) -> HttpResponseBase:
    """The list as Excel or CSV."""
    form = forms.PlansFilter.of(request)
    if not form.is_valid():  # no file of what was not asked for
        return redirect(reverse("plans", query=request.GET))
    found = queries.plans(request.user, form.wanted)
    rows = (
        [p.title, p.number, p.issued_on, p.unit.name, p.get_state_display(), p.starts_on, p.ends_on, p.task_count]  # type: ignore[attr-defined]
        for p in found.iterator(2000)
    )
    head = [
        _("Tên"),
        pgettext("of a document", "Số"),
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
    form = forms.NewPlanForm.by(request, request.user)
    if form.attempt(_begin, by=request.user):
        messages.success(request, _("Đã lập bản thảo. Hãy thêm nhiệm vụ."))
        return redirect("plan", form.done.pk)
    return answer(request, "office/plans/new.html", form, {"templates": queries.templates(request.user).exists()})


def _begin(*, unit: Unit, text: PlanText, template: Plan | None, by: Person) -> Plan:
    if template is None:
        return writing.start(unit=unit, text=text, by=by)
    return assigning.start_from(template=template, unit=unit, text=text, by=by)

"""Schemes: the list, one with what is counted for it, the matrices of shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.numbers import typed
from hocvuso.indicators.models import Indicator
from hocvuso.people.queries import may, may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Scheme, Task
from hocvuso.plans.queries import linking as queries
from hocvuso.plans.services import linking
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms

PAGE = 25
MOST_COLUMNS = 12
type Shares = Mapping[str, Mapping[UUID, Decimal]]


@staff(May.SEE_FIGURES)
def schemes(request: PersonRequest) -> HttpResponseBase:
    """Schemes that one may see, by family."""
    found = queries.with_counts(Scheme.objects.visible_to(request.user).select_related("unit"))
    if request.GET.get("tai"):
        head = [
            _("Mã"),
            pgettext("of a document", "Số"),
            _("Tên"),
            _("Cơ quan ban hành"),
            _("Nhóm"),
            _("Ngày"),
            _("Nguồn"),
        ]
        rows = ([s.key, s.number, s.title, s.issuer, s.family, s.issued_on, s.source] for s in found)
        return download(request.GET["tai"], "de-an", head, rows)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "may_define": may_anywhere(request.user, May.DEFINE)}
    return render(request, "office/schemes/schemes.html", context)


@staff(May.SEE_FIGURES)
def scheme(request: PersonRequest, key: str) -> HttpResponse:
    """One scheme: its tasks and indicators with shares, and the sums of a period by share."""
    found = get_object_or_404(Scheme.objects.visible_to(request.user), key=key)
    form = forms.PeriodFilter.by(request, request.user)
    unit, period = form.chosen_unit, form.chosen_period
    tasks = found.links.filter(task__in=Task.objects.visible_to(request.user).values("pk")).select_related("task__plan")
    context = {
        "scheme": found,
        "may_keep": queries.may_keep(request.user, found),
        "tasks": tasks.order_by("task__due_on")[:100],
        "lines": queries.indicator_lines(found, unit=unit, period=period.code, viewer=request.user) if unit else [],
        "period": period,
        "unit": unit,
    }
    return answer(request, "office/schemes/scheme.html", form, context)


@staff(May.DEFINE)
def keep(request: PersonRequest, key: str = "") -> HttpResponse:
    """Add a scheme, or change one."""
    found = get_object_or_404(Scheme.objects.visible_to(request.user), key=key) if key else None
    if found is not None and not queries.may_keep(request.user, found):
        raise NotAllowed
    kind: type[forms.SchemeForm] = forms.EditSchemeForm
    within = {}
    if found is None:
        national = queries.may_keep(request.user, Scheme())
        kind = forms.NationalSchemeForm if national else forms.NewSchemeForm
        own = own_units(request.user, May.DEFINE)
        within = {"unit": Unit.objects.filter(pk__in=[unit.pk for unit in own])}
    form = kind.of(request, row=found, within=within)
    if form.attempt(linking.keep_scheme, scheme=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("scheme", form.done.key)
    return answer(request, "office/schemes/keep.html", form, {"scheme": found})


def _families(schemes: Any) -> list[str]:
    return sorted(set(schemes.exclude(family="").order_by().values_list("family", flat=True)))


def _columns(schemes: Any, family: str) -> list[Scheme]:
    """Schemes across the matrix."""
    return list((schemes.filter(family=family) if family else schemes)[:MOST_COLUMNS])


@dataclass(frozen=True)
class Row:
    """One thing of a matrix: for each scheme its cell, to change or only to see, and what is wrong in the row."""

    thing: Any
    cells: list[tuple[Scheme, Any, str]]

    @property
    def faulty(self) -> list[Any]:
        """The cells in which something is wrong."""
        return [field for _scheme, field, _share in self.cells if field is not None and field.errors]


@dataclass(frozen=True)
class Matrix:
    """A page of things × schemes; `what` they are, and what is said where there is `nothing`."""

    columns: list[Scheme]
    rows: list[Row]
    form: forms.SharesForm
    what: str
    nothing: str


def _matrix(
    things: Mapping[str, Any], kept: Shares, columns: list[Scheme], form: forms.SharesForm, words: tuple[str, str]
) -> Matrix:
    rows = [
        Row(thing, [(scheme, form.cell(key, scheme), typed(kept.get(key, {}).get(scheme.pk))) for scheme in columns])
        for key, thing in things.items()
    ]
    return Matrix(columns, rows, form, *words)


@staff(May.SEE_FIGURES)
def task_matrix(request: PersonRequest) -> HttpResponseBase:
    """Tasks of a plan × schemes: what share of a task counts for which scheme."""
    plans = Plan.objects.visible_to(request.user).filter(kind=Plan.Kind.PLAN).order_by("-created_at")
    schemes = Scheme.objects.visible_to(request.user)
    asked = forms.PlanFilter.by(request, _families(schemes), within={"plan": plans})
    plan, columns = asked.chosen, _columns(schemes, asked.asked["family"])
    tasks = Task.objects.visible_to(request.user).filter(plan=plan).select_related("plan__unit").order_by("position")
    if request.GET.get("tai") and asked.is_valid():
        head = [_("Nhiệm vụ"), *(c.full_name for c in columns)]
        shares = queries.shares_of_tasks([task.pk for task in tasks])
        return download(request.GET["tai"], "nhiem-vu-de-an", head, _file_rows(tasks, shares, columns))
    page = Paginator(tasks, PAGE).get_page(request.GET.get("trang"))
    things = {str(task.pk): task for task in page}
    kept = {str(key): shares for key, shares in queries.shares_of_tasks([task.pk for task in page]).items()}
    editable = plan is not None and may(request.user, May.PLAN, plan.unit)
    form = forms.SharesForm.of(request, things=things, schemes=columns if editable else [], kept=kept)
    if _saved(request, form, "task"):
        return redirect(request.get_full_path())
    context = {
        "plan": plan,
        "asked": asked,
        "page": page,
        "counts": queries.tasks_counted(columns, tasks),
        "matrix": _matrix(things, kept, columns, form, (_("Nhiệm vụ"), _("Kế hoạch này chưa có nhiệm vụ."))),
    }
    return _answer(request, "office/schemes/tasks.html", form, asked, context)


@staff(May.SEE_FIGURES)
def indicator_matrix(request: PersonRequest) -> HttpResponseBase:
    """Indicators × schemes."""
    found = Indicator.objects.current().filter(kind__in=queries.ADDS_UP).order_by("key")
    schemes = Scheme.objects.visible_to(request.user)
    asked = forms.FamilyFilter.by(request, _families(schemes))
    columns = _columns(schemes, asked.asked["family"])
    if request.GET.get("tai") and asked.is_valid():
        head = [_("Chỉ số"), *(c.full_name for c in columns)]
        shares = queries.shares_of_indicators([i.key for i in found])
        return download(request.GET["tai"], "chi-so-de-an", head, _file_rows(found, shares, columns))
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    things = {indicator.key: indicator for indicator in page}
    kept = queries.shares_of_indicators(things)
    keeps = [column for column in columns if queries.may_keep(request.user, column)]
    form = forms.SharesForm.of(request, things=things, schemes=keeps, kept=kept)
    if _saved(request, form, "indicator"):
        return redirect(request.get_full_path())
    matrix = _matrix(things, kept, columns, form, (_("Chỉ số"), _("Chưa có chỉ số nào cộng được.")))
    return _answer(
        request, "office/schemes/indicators.html", form, asked, {"asked": asked, "page": page, "matrix": matrix}
    )


def _answer(
    request: PersonRequest, template: str, form: forms.SharesForm, asked: forms.FamilyFilter, context: dict[str, Any]
) -> HttpResponse:
    """The page with two forms: what is wrong in either makes it a 400."""
    return render(request, template, context, status=max(form.status, asked.status))


def _file_rows(things: Iterable[Any], shares: Mapping[Any, Mapping[UUID, Decimal]], columns: list[Scheme]) -> Any:
    for thing in things:
        of_thing = shares.get(thing.pk if isinstance(thing, Task) else thing.key, {})
        yield [thing.title, *(float(of_thing[c.pk]) if c.pk in of_thing else None for c in columns)]


def _saved(request: PersonRequest, form: forms.SharesForm, kind: str) -> bool:
    """Set the shares that were typed; what is refused is said in its row. One refusal, and nothing is saved."""
    if not (form.fields and form.is_valid()):
        return False
    with transaction.atomic():
        for key, thing in form.things.items():
            about = {"task": thing} if kind == "task" else {"indicator": key}
            try:
                if shares := form.typed(key):
                    linking.set_shares(shares=shares, seen=form.seen(key), by=request.user, **about)
            except Refusal as refusal:
                form.refuse_row(key, refusal)
        transaction.set_rollback(not form.is_valid())
    if form.is_valid():
        messages.success(request, _("Đã lưu tỉ trọng."))
    return form.is_valid()

"""Schemes: the list, one with what is counted for it, the matrices of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.functions import Length
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base import periods
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.indicators.models import Indicator
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Scheme, Task
from hocvuso.plans.queries import linking as queries
from hocvuso.plans.services import linking
from hocvuso.units.models import Unit

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.gate import staff
from ...kit.tables import download
from ..reports import numbers

PAGE = 25
MOST_COLUMNS = 12
MOST_PLANS = 200  # in a choice: those of the highest units first
TEXTS = ["key", "number", "title", "title_en", "issuer", "family", "source"]
DAYS = ["issued_on", "starts_on", "ends_on"]


@staff(May.SEE_FIGURES)
def schemes(request: PersonRequest) -> HttpResponseBase:
    """Schemes that one may see, by family."""
    found = queries.with_counts(Scheme.objects.visible_to(request.user).select_related("unit"))
    if request.GET.get("tai"):
        head = [_("Mã"), _("Số"), _("Tên"), _("Cơ quan ban hành"), _("Nhóm"), _("Ngày"), _("Nguồn")]
        rows = ([s.key, s.number, s.title, s.issuer, s.family, s.issued_on, s.source] for s in found)
        return download(request.GET["tai"], "de-an", head, rows)
    page = Paginator(found, PAGE).get_page(typed.page_number(request.GET))
    context = {"page": page, "may_define": may_anywhere(request.user, May.DEFINE)}
    return render(request, "office/schemes/schemes.html", context)


@staff(May.SEE_FIGURES)
def scheme(request: PersonRequest, key: str) -> HttpResponse:
    """One scheme: its tasks and indicators with shares, and the sums of a period by share."""
    found = get_object_or_404(Scheme.objects.visible_to(request.user), key=key)
    period = period_asked(request.GET.get("ky", ""))
    unit = unit_asked(request)
    tasks = found.links.filter(task__in=Task.objects.visible_to(request.user).values("pk")).select_related("task__plan")
    context = {
        "scheme": found,
        "may_keep": queries.may_keep(request.user, found),
        "tasks": tasks.order_by("task__due_on")[:100],
        "lines": queries.indicator_lines(found, unit=unit, period=period.code, viewer=request.user) if unit else [],
        "period": period,
        "periods": recent(),
        "unit": unit,
    }
    return render(request, "office/schemes/scheme.html", context)


def period_asked(code: str) -> periods.Period:
    """The period with this code; this year when it is none."""
    try:
        return periods.parse(code)
    except ValueError:
        return periods.containing(periods.PeriodType.YEAR, timezone.localdate())


def recent() -> list[periods.Period]:
    """The periods to choose from: this and the last year, quarter and month."""
    today = timezone.localdate()
    year = periods.containing(periods.PeriodType.YEAR, today)
    quarter = periods.containing(periods.PeriodType.QUARTER, today)
    month = periods.containing(periods.PeriodType.MONTH, today)
    return [year, year.preceding(), quarter, quarter.preceding(), month, month.preceding()]


def unit_asked(request: PersonRequest) -> Unit | None:
    """The unit asked for within one's reach, else the first for which one acts."""
    reach = units_in_reach(request.user, May.SEE_FIGURES)
    asked = typed.key(request.GET, "don-vi")
    return reach.filter(pk=asked).first() if asked else reach.order_by("path").first()


@staff(May.DEFINE)
def keep(request: PersonRequest, key: str = "") -> HttpResponse:
    """Add a scheme, or change one."""
    found = get_object_or_404(Scheme.objects.visible_to(request.user), key=key) if key else None
    if found is not None and not queries.may_keep(request.user, found):
        raise NotAllowed
    context: dict[str, Any] = {
        "scheme": found,
        "units": own_units(request.user, May.DEFINE),
        "may_national": queries.may_keep(request.user, Scheme()),
        "typed": request.POST or (_as_typed(found) if found else {}),
    }
    if request.method != "POST":
        return render(request, "office/schemes/keep.html", context)
    unit = typed.key(request.POST, "unit")
    try:
        fields = typed.words(request.POST, TEXTS, longest=400)
        fields |= {name: typed.day(request.POST, name) for name in DAYS}
        made = linking.keep_scheme(
            **fields,
            unit=get_object_or_404(units_in_reach(request.user, May.DEFINE), pk=unit) if unit else None,
            scheme=found,
            by=request.user,
        )
    except Refusal as refusal:
        return render(request, "office/schemes/keep.html", context | {"refusal": refusal}, status=400)
    messages.success(request, _("Đã lưu."))
    return redirect("scheme", made.key)


def _as_typed(found: Scheme) -> dict[str, str]:
    days = {name: (value.isoformat() if (value := getattr(found, name)) else "") for name in DAYS}
    return {name: getattr(found, name) for name in TEXTS} | days


def _columns(request: PersonRequest) -> tuple[list[Scheme], list[str], str]:
    """Schemes across the matrix, the families to choose from, and the family chosen."""
    found = Scheme.objects.visible_to(request.user)
    families = sorted(set(found.exclude(family="").order_by().values_list("family", flat=True)))
    family = request.GET.get("nhom", "")
    chosen = found.filter(family=family) if family in families else found
    return list(chosen[:MOST_COLUMNS]), families, family


@staff(May.SEE_FIGURES)
def task_matrix(request: PersonRequest) -> HttpResponseBase:
    """Tasks of a plan × schemes: what share of a task counts for which scheme."""
    plans = Plan.objects.visible_to(request.user).filter(kind=Plan.Kind.PLAN).order_by("-created_at")
    asked = typed.key(request.GET, "ke-hoach")
    plan = plans.filter(pk=asked).first() if asked else plans.filter(answers=None).first()
    tasks = Task.objects.visible_to(request.user).filter(plan=plan).select_related("plan__unit").order_by("position")
    columns, families, family = _columns(request)
    page = Paginator(tasks, PAGE).get_page(typed.page_number(request.GET))
    editable = plan is not None and may(request.user, May.PLAN, plan.unit)
    context: dict[str, Any] = {
        "plan": plan,
        "plans": plans.select_related("unit").order_by(Length("unit__path"), "unit__path", "-pk")[:MOST_PLANS],
        "page": page,
        "columns": columns,
        "families": families,
        "family": family,
        "editable": editable,
        "counts": queries.tasks_counted(columns, tasks),
        "what": _("Nhiệm vụ"),
        "nothing": _("Kế hoạch này chưa có nhiệm vụ."),
    }
    if request.GET.get("tai"):
        shares = queries.shares_of_tasks([task.pk for task in tasks])
        rows = ([t.title, *_numbers(shares.get(t.pk, {}), columns)] for t in tasks)
        return download(request.GET["tai"], "nhiem-vu-de-an", [_("Nhiệm vụ"), *(c.full_name for c in columns)], rows)
    things = {str(task.pk): task for task in page}
    refusals = _save(request, things, columns, "task") if request.method == "POST" and editable else None
    if refusals == {}:
        return redirect(request.get_full_path())
    kept = queries.shares_of_tasks([task.pk for task in page])
    context["rows"] = _rows(things, kept, columns, refusals, request)
    return render(request, "office/schemes/tasks.html", context, status=400 if refusals else 200)


@staff(May.SEE_FIGURES)
def indicator_matrix(request: PersonRequest) -> HttpResponseBase:
    """Indicators × schemes."""
    found = Indicator.objects.current().filter(kind__in=queries.ADDS_UP).order_by("key")
    columns, families, family = _columns(request)
    page = Paginator(found, PAGE).get_page(typed.page_number(request.GET))
    keeps = [column for column in columns if queries.may_keep(request.user, column)]
    context: dict[str, Any] = {
        "page": page,
        "columns": columns,
        "families": families,
        "family": family,
        "keeps": {column.pk for column in keeps},
        "what": _("Chỉ số"),
        "nothing": _("Chưa có chỉ số nào cộng được."),
    }
    if request.GET.get("tai"):
        shares = queries.shares_of_indicators([i.key for i in found])
        rows = ([i.title, *_numbers(shares.get(i.key, {}), columns)] for i in found)
        return download(request.GET["tai"], "chi-so-de-an", [_("Chỉ số"), *(c.full_name for c in columns)], rows)
    things = {indicator.key: indicator for indicator in page}
    refusals = _save(request, things, keeps, "indicator") if request.method == "POST" and keeps else None
    if refusals == {}:
        return redirect(request.get_full_path())
    kept = queries.shares_of_indicators(things)
    context["rows"] = _rows(things, kept, columns, refusals, request)
    return render(request, "office/schemes/indicators.html", context, status=400 if refusals else 200)


def _numbers(shares: Mapping[UUID, Decimal], columns: Sequence[Scheme]) -> list[float | None]:
    return [float(shares[column.pk]) if column.pk in shares else None for column in columns]


@transaction.atomic
def _save(
    request: PersonRequest, things: Mapping[str, Any], columns: Sequence[Scheme], kind: str
) -> dict[str, Refusal]:
    """Set the shares that were typed; the refusals by row. One refusal, and nothing is saved."""
    refusals: dict[str, Refusal] = {}
    for name, thing in things.items():
        try:
            shares = {
                column: linking.read_share(request.POST[field])
                for column in columns
                if (field := f"s_{name}_{column.key}") in request.POST
            }
            if shares and kind == "task":
                linking.set_shares(shares=shares, task=thing, by=request.user)
            elif shares:
                linking.set_shares(shares=shares, indicator=thing.key, by=request.user)
        except Refusal as refusal:
            refusals[name] = refusal
    if refusals:
        transaction.set_rollback(True)
    else:
        messages.success(request, _("Đã lưu tỉ trọng."))
    return refusals


def _rows(
    things: Mapping[str, Any],
    kept: Mapping[Any, Mapping[UUID, Decimal]],
    columns: Sequence[Scheme],
    refusals: Mapping[str, Refusal] | None,
    request: PersonRequest,
) -> list[dict[str, Any]]:
    """Rows of the matrix: what is kept, or after a refusal what was typed."""
    rows = []
    for name, thing in things.items():
        shares = kept.get(thing.pk if isinstance(thing, Task) else name, {})
        cells = []
        for column in columns:
            field = f"s_{name}_{column.key}"
            value = numbers.typed(float(shares[column.pk])) if column.pk in shares else ""
            cells.append((column, field, request.POST.get(field, value) if refusals else value))
        rows.append({"thing": thing, "cells": cells, "refusal": (refusals or {}).get(name)})
    return rows

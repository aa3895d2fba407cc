"""The queue of doubts: what was found, in words; explain, mend, dismiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods as calendar
from hocvuso.base.periods import PeriodType
from hocvuso.indicators import services
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.rules_quality import explain
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.people.models import Person
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.long_work import go_on
from ...kit.tables import download
from ...kit.templatetags.kit import or_en
from .forms import FlagsFilter, QualityCheckForm, SettleForm

PAGE = 25


@dataclass(frozen=True)
class Row:
    """A doubt as the queue shows it: what it is about, why, and what this person may make of it."""

    flag: Flag
    title: str
    why: str
    moves: list[tuple[str, Any]]
    form: SettleForm


@staff(May.SEE_FIGURES)
def queue(request: PersonRequest) -> HttpResponseBase:
    """Flags in one's reach, open ones first shown; by state, kind and period."""
    form = _filter(request)
    if (kind := request.GET.get("tai")) and form.is_valid():
        head = [_("Đơn vị"), _("Chỉ số"), _("Kỳ"), _("Loại"), _("Vì sao"), _("Trạng thái"), _("Ghi chú")]
        titles = _titles()
        lines = (
            [f.unit.name, titles.get(f.indicator, f.indicator), calendar.parse(f.period), f.get_kind_display(),
             explain(f.detector, f.facts), f.get_state_display(), f.note]
            for f in _found(request, form).iterator(500)
        )  # fmt: skip
        return download(kind, "canh-bao", head, lines)
    return _page(request, form)


def _filter(request: PersonRequest) -> FlagsFilter:
    within = {"unit": units_in_reach(request.user, May.SEE_FIGURES)}
    return FlagsFilter.of(request, defaults={"state": Flag.State.OPEN}, within=within)


def _titles() -> dict[str, str]:
    """Current titles of indicators by key."""
    return {i.key: or_en(i.title, i.title_en) for i in Indicator.objects.current()}


def _of_unit(request: PersonRequest, form: FlagsFilter) -> QuerySet[Flag]:
    """Flags in one's reach; of one unit and all beneath it, when the address names one."""
    found, unit = Flag.objects.visible_to(request.user), form.asked["unit"]
    return found.filter(unit__in=Unit.objects.under(unit)) if unit else found


def _found(request: PersonRequest, form: FlagsFilter) -> QuerySet[Flag]:
    exactly = {name: value for name in ("state", "kind", "period") if (value := form.asked[name])}
    return _of_unit(request, form).filter(**exactly).select_related("unit", "by")


def _page(
    request: PersonRequest, form: FlagsFilter, *, settling: Row | None = None, checking: QualityCheckForm | None = None
) -> HttpResponse:
    """The queue; where settling one was refused, that one alone."""
    page = Paginator(_found(request, form), PAGE).get_page(request.GET.get("trang"))
    titles = _titles()
    counts = dict(_of_unit(request, form).order_by().values_list("state").annotate(n=Count("pk")))
    last = calendar.containing(PeriodType.MONTH, timezone.localdate()).preceding()
    context = {
        "form": form,
        "page": page,
        "rows": [settling] if settling else [_row(request, flag, titles) for flag in page],
        "counts": [(state, label, counts.get(state, 0)) for state, label in Flag.State.choices],
        "state": form.asked["state"],
        "unit": form.asked["unit"],
        "may_examine": may_anywhere(request.user, May.STEWARD_DATA),
        "checking": checking or QualityCheckForm(initial={"period": last.code}),
    }
    refused = settling.form if settling else checking or form
    return render(request, "office/indicators/flags.html", context, status=refused.status)


def _row(request: PersonRequest, flag: Flag, titles: dict[str, str], form: SettleForm | None = None) -> Row:
    return Row(
        flag=flag,
        title=titles.get(flag.indicator, flag.indicator),
        why=explain(flag.detector, flag.facts),
        moves=_moves(request, flag),
        form=form or SettleForm(row=flag, auto_id=f"%s-{flag.pk}"),
    )


def _moves(request: PersonRequest, flag: Flag) -> list[tuple[str, Any]]:
    """What this person may make of a flag."""
    words = {
        Flag.State.EXPLAINED: _("Giải thích"),
        Flag.State.MENDED: _("Đã sửa số liệu"),
        Flag.State.DISMISSED: _("Không phải lỗi"),
        Flag.State.OPEN: _("Mở lại"),
    }
    return [
        (to, word)
        for to, word in words.items()
        if to in services.MOVES[Flag.State(flag.state)]
        and may(request.user, May.DECLARE if to == Flag.State.EXPLAINED else May.STEWARD_DATA, flag.unit)
    ]


@staff(May.DECLARE, May.STEWARD_DATA)
@require_POST
def settle(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Explain, mend, dismiss or open a flag again, with a note."""
    flag = get_object_or_404(Flag.objects.visible_to(request.user).select_related("unit"), pk=pk)
    form = SettleForm.of(request, auto_id=f"%s-{flag.pk}")
    if form.attempt(services.settle, flag=flag, by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("flags")
    return _page(request, _filter(request), settling=_row(request, flag, _titles(), form))


def _look(*, period: str, by: Person) -> Job:
    size = len(services.looked_at(period=period, by=by))
    return jobs.ask("quality.check", by=by, args={"period": period}, size=size)


@staff(May.STEWARD_DATA)
@require_POST
def check_quality(request: PersonRequest) -> HttpResponse:
    """Look for doubts in a period, among the units at which this person keeps the data."""
    form = QualityCheckForm.of(request)
    if form.attempt(_look, by=request.user):
        return go_on(request, form.done)
    return _page(request, _filter(request), checking=form)

"""The queue of doubts: what was found, in words; explain, mend, dismiss."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods as calendar
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.base.periods import PeriodType
from hocvuso.indicators import services
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.rules_quality import explain
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.tables import download
from ...kit.templatetags.kit import or_en
from ...kit.typed import key

PAGE = 25


@staff(May.SEE_FIGURES)
def queue(request: PersonRequest) -> HttpResponseBase:
    """Flags in one's reach, open ones first shown; by state, kind and period."""
    found = _filtered(request)
    if kind := request.GET.get("tai"):
        head = [_("Đơn vị"), _("Chỉ số"), _("Kỳ"), _("Loại"), _("Vì sao"), _("Trạng thái"), _("Ghi chú")]
        titles = _titles()
        lines = (
            [f.unit.name, titles.get(f.indicator, f.indicator), calendar.parse(f.period), f.get_kind_display(),
             explain(f.detector, f.facts), f.get_state_display(), f.note]
            for f in found.iterator(500)
        )  # fmt: skip
        return download(kind, "canh-bao", head, lines)
    return render(request, "office/indicators/flags.html", _context(request))


def _titles() -> dict[str, str]:
    """Current titles of indicators by key."""
    return {i.key: or_en(i.title, i.title_en) for i in Indicator.objects.current()}


def _unit(request: PersonRequest) -> Unit | None:
    return units_in_reach(request.user, May.SEE_FIGURES).filter(pk=key(request.GET, "don-vi")).first()


def _of_unit(request: PersonRequest) -> Any:
    """Flags in one's reach; of one unit and all beneath it, when the address names one."""
    found, unit = Flag.objects.visible_to(request.user), _unit(request)
    return found.filter(unit__in=Unit.objects.under(unit)) if unit else found


def _filtered(request: PersonRequest) -> Any:
    found = _of_unit(request).select_related("unit", "by")
    state = request.GET.get("trang-thai", Flag.State.OPEN)
    if state in Flag.State.values:
        found = found.filter(state=state)
    if (kind := request.GET.get("loai", "")) in Flag.Kind.values:
        found = found.filter(kind=kind)
    if period := request.GET.get("ky", "").strip():
        found = found.filter(period=period)
    return found


def _context(request: PersonRequest, refusal: Refusal | None = None, refused: UUID | None = None) -> dict[str, Any]:
    found = Flag.objects.filter(pk=refused).select_related("unit") if refused else _filtered(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    titles = _titles()
    counts = dict(_of_unit(request).order_by().values_list("state").annotate(n=Count("pk")))
    rows = [
        {
            "flag": f,
            "title": titles.get(f.indicator, f.indicator),
            "why": explain(f.detector, f.facts),
            "moves": _moves(request, f),
            "refusal": refusal if f.pk == refused else None,
        }
        for f in page
    ]
    last = calendar.containing(PeriodType.MONTH, timezone.localdate()).preceding()
    return {
        "page": page,
        "rows": rows,
        "counts": [(state, label, counts.get(state, 0)) for state, label in Flag.State.choices],
        "state": request.GET.get("trang-thai", Flag.State.OPEN),
        "kinds": Flag.Kind.choices,
        "unit": _unit(request),
        "kind": request.GET.get("loai", ""),
        "period": request.GET.get("ky", ""),
        "last": last.code,
        "may_examine": may_anywhere(request.user, May.STEWARD_DATA),
        "typed": request.POST,
        "refusal": refusal if refused is None else None,
    }


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
    wished = request.POST.get("to", "")
    try:
        to = Flag.State(wished) if wished in Flag.State.values else Flag.State.EXPLAINED
        services.settle(flag=flag, to=to, note=request.POST.get("note", ""), by=request.user)
        messages.success(request, _("Đã ghi."))
        return redirect("flags")
    except NotAllowed:
        raise
    except Refusal as refusal:
        return render(request, "office/indicators/flags.html", _context(request, refusal, pk), status=400)


@staff(May.STEWARD_DATA)
@require_POST
def examine(request: PersonRequest) -> HttpResponse:
    """Look for doubts in a period now."""
    try:
        count = services.examine(period=request.POST.get("period", "").strip())
    except ValueError:
        refusal = services.NotAPeriod(field="period")
        return render(request, "office/indicators/flags.html", _context(request, refusal), status=400)
    messages.success(request, _("Đã xét xong. Cảnh báo mới: %(count)s.") % {"count": trimmed(count)})
    return redirect("flags")

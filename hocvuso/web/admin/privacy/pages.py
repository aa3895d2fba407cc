"""Personal data of the whole site: breaches with their 72 hours, the register of processing as page and file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.documents import composers
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.privacy import keeping, services
from hocvuso.privacy.models import Breach, may_protect
from hocvuso.privacy.queries import words_to_people
from hocvuso.privacy.register import REGISTER
from hocvuso.privacy.rules import BREACH_MOVES, NOTICE_HOURS, BreachState

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 30
STEPS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "co-quan": (forms.ToldForm, services.tell_authority),
    "nguoi-dan": (forms.PeopleToldForm, services.tell_people),
    "khong-thuoc-dien": (forms.NotOwedForm, services.not_owed),
    "mo-lai": (forms.ReopenForm, services.reopen),
    "ket-thuc": (forms.CloseForm, services.close),
}


def _may(request: PersonRequest) -> None:
    if not may_protect(request.user):
        raise Http404


@staff(May.PROTECT_DATA)
def protection(request: PersonRequest) -> HttpResponse:
    """Breaches, what is not told yet first, each with the hours that are left."""
    _may(request)
    found = Breach.objects.visible_to(request.user).order_by("closed_at", "known_at")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    rows = [(row, _left(row)) for row in page]
    return render(request, "admin/privacy/protection.html", {"page": page, "rows": rows, "lines": len(REGISTER)})


def _left(breach: Breach) -> dict[str, Any] | None:
    """Hours and minutes until the authority is to be told, or since; nothing once that is settled."""
    if breach.state != BreachState.OPEN:
        return None
    minutes = round((breach.due_at - timezone.now()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return {"late": minutes < 0, "hours": hours, "minutes": rest}


@staff(May.PROTECT_DATA)
def register(request: PersonRequest) -> HttpResponseBase:
    """The register of processing, as a page or a file (`tai` = csv, xlsx)."""
    _may(request)
    head = [
        _("Mã"), _("Dữ liệu"), _("Của ai"), _("Mục đích"), _("Căn cứ"), _("Nhạy cảm"), _("Ai thấy hoặc nhận"),
        _("Giữ bao lâu"), _("Trường dữ liệu"),
    ]  # fmt: skip
    rows = [
        [
            line.key,
            str(line.title),
            str(line.people),
            str(line.purpose),
            str(line.ground.label),
            _("có") if line.sensitive else _("không"),
            str(line.receivers),
            " ".join(keeping.of(key).sentence for key in line.kept),
            " ".join(sorted(line.columns())),
        ]
        for line in REGISTER
    ]
    if (kind := request.GET.get("tai")) in ("csv", "xlsx"):
        return tables.download(kind, _("so-xu-ly-du-lieu"), head, rows)
    return render(request, "admin/privacy/register.html", {"head": head, "rows": rows})


@staff(May.PROTECT_DATA)
def record(request: PersonRequest) -> HttpResponse:
    """Record a breach as far as it is known."""
    _may(request)
    now = timezone.localtime()
    form = forms.BreachForm.of(request, initial={"known_on": now.date(), "known_hour": f"{now:%H:%M}"})
    if form.attempt(_record, by=request.user):
        return redirect("breach", form.done.pk)
    return answer(request, "admin/privacy/record.html", form, {"hours": NOTICE_HOURS})


def _record(*, version: int | None = None, **said: Any) -> Breach:
    return services.record(**said)


@staff(May.PROTECT_DATA)
def breach(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One breach: what is known (to be added to), the clock, both texts, the steps."""
    found = _breach(request, pk)
    form = forms.BreachForm.of(request, row=found)
    if form.attempt(services.describe, breach=found, by=request.user):
        return redirect("breach", pk)
    return answer(request, "admin/privacy/breach.html", form, _context(request, found))


@staff(May.PROTECT_DATA)
def step(request: PersonRequest, pk: UUID, step: str) -> HttpResponse:
    """One step of a breach: told, not owed, people told, opened again, closed."""
    found = _breach(request, pk)
    if step not in STEPS:
        raise Http404
    kind, verb = STEPS[step]
    sent = kind.of(request, row=found)
    if not sent.is_bound:
        return redirect("breach", pk)
    if sent.attempt(verb, breach=found, by=request.user):
        return redirect("breach", pk)
    context = _context(request, found)
    context["steps"] = [(key, label, sent if key == step else one) for key, label, one in context["steps"]]
    return answer(request, "admin/privacy/step.html", sent, context | {"step": step, "label": _labels()[step]})


def _breach(request: PersonRequest, pk: UUID) -> Breach:
    return get_object_or_404(Breach.objects.visible_to(request.user), pk=pk)


def _labels() -> dict[str, str]:
    return {
        "co-quan": _("Đã thông báo cơ quan chuyên trách"),
        "nguoi-dan": _("Đã báo người bị ảnh hưởng"),
        "khong-thuoc-dien": _("Không thuộc diện phải thông báo"),
        "mo-lai": _("Phải thông báo: mở lại"),
        "ket-thuc": _("Kết thúc"),
    }


def _context(request: PersonRequest, found: Breach) -> dict[str, Any]:
    moves = BREACH_MOVES[BreachState(found.state)]
    offered = {
        "co-quan": BreachState.TOLD in moves,
        "nguoi-dan": found.state != BreachState.CLOSED and found.people_told_at is None,
        "khong-thuoc-dien": BreachState.NOT_OWED in moves,
        "mo-lai": BreachState.OPEN in moves,
        "ket-thuc": BreachState.CLOSED in moves,
    }
    labels = _labels()
    steps = [
        (key, labels[key], kind(row=found, auto_id=f"{key}-%s")) for key, (kind, _verb) in STEPS.items() if offered[key]
    ]
    return {
        "breach": found,
        "left": _left(found),
        "steps": steps,
        "document": composers.compose(found),
        "to_people": words_to_people(found),
        "may_compose": units_in_reach(request.user, May.PLAN).exists(),
        "open": found.state != BreachState.CLOSED,
    }

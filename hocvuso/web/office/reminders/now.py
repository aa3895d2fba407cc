"""What is urged on now: what is late and what is due soon in one's reach; urged one by one or all at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.numbers import trimmed
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.reminders import queries as questions
from hocvuso.reminders import sources
from hocvuso.reminders.queries import Owed
from hocvuso.reminders.services import reminding as urging
from hocvuso.reminders.services import run as urging_run

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ..plans.forms import unit_asked

PAGE = 40


def _found(request: PersonRequest) -> list[Owed]:
    """What the filters choose: kind, a unit with those beneath it (an unknown one chooses nothing), late only."""
    today, typed = timezone.localdate(), _typed_unit(request)
    rows = questions.owed_now(request.user, request.GET.get("loai", ""), today)
    if typed:
        unit = unit_asked(typed)
        rows = [row for row in rows if unit and row.unit_path.startswith(unit.path)]
    return [row for row in rows if row.due_on < today] if request.GET.get("muon") else rows


def _typed_unit(request: PersonRequest) -> str:
    return request.GET.get("don-vi", "").strip()[:100]


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Late and due soon, the longest overdue first."""
    today, typed = timezone.localdate(), _typed_unit(request)
    rows = _found(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, (today - row.due_on).days) for row in page],
        "late": sum(row.due_on < today for row in rows),
        "kinds": sources.choices(),
        "typed_unit": typed,
        "unknown_unit": typed if typed and unit_asked(typed) is None else "",
        "may_urge": may_anywhere(request.user, May.URGE),
        "unread": questions.unread_count(request.user),
    }
    return render(request, "office/reminders/now.html", context)


@staff(May.URGE)
def download(request: PersonRequest) -> HttpResponseBase:
    """The list as a file."""
    head = [_("Việc"), _("Loại"), _("Đơn vị"), _("Hạn")]
    rows = ((row.title, row.kind_shown, row.unit, row.due_on) for row in _found(request))
    return tables.download(request.GET.get("tep", ""), "don-doc", head, rows)


@staff(May.URGE)
@require_POST
def urge_all(request: PersonRequest) -> HttpResponse:
    """Urge all that the filters choose, with one press."""
    _say(request, urging.urge(subjects=_found(request), by=request.user, note=request.POST.get("note", "")))
    return redirect("urging")


@staff(May.URGE)
def one(request: PersonRequest, kind: str, pk: UUID) -> HttpResponse:
    """Urge one thing, with a word of one's own; what was urged about it before stands beneath."""
    if kind not in sources.kinds():
        raise Http404
    found = questions.owed_one(request.user, kind, pk)
    if found is None:
        raise Http404
    if request.method == "POST":
        _say(request, urging.urge(subjects=[found], by=request.user, note=request.POST.get("note", "")))
        return redirect("urging-one", kind, pk)
    context = {"row": found, "before": questions.urged_before(kind, pk)[:PAGE], "today": timezone.localdate()}
    return render(request, "office/reminders/one.html", context)


def _say(request: PersonRequest, told: urging.Told) -> None:
    explained = told.already or told.nobody
    none = "" if explained else _("Chưa đôn đốc việc nào: không có việc nào như đang lọc. Hãy xem lại bộ lọc.")
    say_done(request, told.told, _("Đã đôn đốc %(n)s việc.") % {"n": trimmed(told.told)}, none=none)
    if told.already:
        messages.info(request, _("%(n)s việc đã đôn đốc hôm nay nên không gửi lại.") % {"n": trimmed(told.already)})
    if told.nobody:
        messages.warning(request, _("%(n)s việc chưa có ai ở đơn vị để nhận.") % {"n": trimmed(told.nobody)})


@staff(May.URGE)
@require_POST
def run(request: PersonRequest) -> HttpResponse:
    """The run of the rules now, as the clock would do it."""
    ran = urging_run.run_now(by=request.user)
    counts = {"told": ran.told, "sent": ran.sent, "failed": ran.failed}
    say_done(
        request,
        ran.told + ran.sent,
        _("Đã nhắc %(told)s lượt, gửi %(sent)s tin, %(failed)s tin chưa gửi được.") % counts,
        none=_("Lượt này không có việc nào đến lúc nhắc, không gửi tin nào; %(failed)s tin chưa gửi được.") % counts,
    )
    return redirect("urging")

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
from hocvuso.jobs import services as jobs
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.reminders import queries as questions
from hocvuso.reminders import sources
from hocvuso.reminders.queries import Owed
from hocvuso.reminders.services import reminding as urging

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on
from . import forms

PAGE = 40


def _filter(request: PersonRequest) -> forms.NowFilter:
    return forms.NowFilter.of(request)


def _found(request: PersonRequest, form: forms.NowFilter) -> list[Owed]:
    """What the filters choose; one that cannot be read chooses nothing, so that nobody is urged by a slip."""
    if not form.is_valid():
        return []
    today, asked = timezone.localdate(), form.asked
    rows = questions.owed_now(request.user, asked["kind"], today)
    if unit := asked["unit"]:
        rows = [row for row in rows if row.unit_path.startswith(unit.path)]
    return [row for row in rows if row.due_on < today] if asked["late"] else rows


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Late and due soon, the longest overdue first."""
    form = _filter(request)
    return _page(request, form, _found(request, form))


def _page(
    request: PersonRequest, form: forms.NowFilter, rows: list[Owed], urging_all: forms.NoteForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, (today - row.due_on).days) for row in page],
        "late": sum(row.due_on < today for row in rows),
        "may_urge": may_anywhere(request.user, May.URGE),
        "unread": questions.unread_count(request.user),
        "form": form,
        "urging_all": urging_all or forms.NoteForm(),
    }
    return render(request, "office/reminders/now.html", context, status=(urging_all or form).status)


@export
@staff(May.URGE)
def download(request: PersonRequest) -> HttpResponseBase:
    """The list as a file."""
    form = _filter(request)
    if not form.is_valid():
        return _page(request, form, [])
    head = [_("Việc"), _("Loại"), _("Đơn vị"), _("Hạn")]
    rows = ((row.title, row.kind_shown, row.unit, row.due_on) for row in _found(request, form))
    return tables.download(request.GET.get("tep", ""), "don-doc", head, rows)


@staff(May.URGE)
@require_POST
def urge_all(request: PersonRequest) -> HttpResponse:
    """Urge all that the filters choose, with one press."""
    form, urging_all = _filter(request), forms.NoteForm.of(request)
    rows = _found(request, form)
    if not urging_all.attempt(urging.urge, subjects=rows, by=request.user):
        return _page(request, form, rows, urging_all)
    _say(request, urging_all.done)
    return redirect("urging")


@staff(May.URGE)
def one(request: PersonRequest, kind: str, pk: UUID) -> HttpResponse:
    """Urge one thing, with a word of one's own; what was urged about it before stands beneath."""
    if kind not in sources.kinds():
        raise Http404
    found = questions.owed_one(request.user, kind, pk)
    if found is None:
        raise Http404
    form = forms.NoteForm.of(request)
    if form.attempt(urging.urge, subjects=[found], by=request.user):
        _say(request, form.done)
        return redirect("urging-one", kind, pk)
    context = {"row": found, "before": questions.urged_before(kind, pk)[:PAGE], "today": timezone.localdate()}
    return answer(request, "office/reminders/one.html", form, context)


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
    """The run of the rules over the units in reach; what they tell of is sent by the clock."""
    size = units_in_reach(request.user, May.URGE).count()
    return go_on(request, jobs.ask("urging.run", by=request.user, args={}, size=size))

"""Tasks in force across plans: board by state, list with downloads, calendar of due days."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.people.rules import May
from hocvuso.plans.models import Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.queries.planning import Column, Filter
from hocvuso.plans.rules import TaskState

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms
from .ics import calendar_of

IN_COLUMN, IN_ONE_COLUMN, PAGE, ON_DAY, IN_CALENDAR = 10, 50, 50, 4, 2000


@dataclass(frozen=True)
class Card:
    """A task on a board or in a list: its state and why."""

    task: Task
    state: TaskState
    reason: str


@dataclass(frozen=True)
class Pile:
    """A column as the board shows it."""

    state: TaskState
    count: int
    cards: list[Card]
    more: bool


@dataclass(frozen=True)
class Day:
    """A day of the calendar; `more` tasks than are shown."""

    day: date
    inside: bool
    today: bool
    cards: list[Card]
    more: int


def _card(task: Task, today: date) -> Card:
    return Card(task, task.state_on(today), task.reason_on(today))


@staff(May.SEE_FIGURES)
def board(request: PersonRequest) -> HttpResponse:
    """Columns by derived state; `cot` opens one of them, paged."""
    today, form = timezone.localdate(), forms.TasksFilter.by(request, request.user)
    only = request.GET.get("cot", "")
    only = only if only in TaskState.values else ""
    page = _page_number(request)
    found = queries.tasks(request.user, form.wanted)
    columns = queries.board(found, today=today, size=IN_ONE_COLUMN if only else IN_COLUMN, page=page, only=only)
    shown = [_pile(column, today) for column in columns if not only or column.state == only]
    counts = [(column.state, column.count) for column in columns]
    context = {"piles": shown, "counts": counts, "only": only, "page_number": page}
    return answer(request, "office/plans/board.html", form, context)


def _pile(column: Column, today: date) -> Pile:
    return Pile(column.state, column.count, [_card(task, today) for task in column.tasks], column.more)


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("trang", "1")[:6]
    return min(int(typed), 10_000) if typed.isascii() and typed.isdigit() and int(typed) else 1


@staff(May.SEE_FIGURES)
def task_list(request: PersonRequest) -> HttpResponse:
    """The same tasks as a table."""
    today, form = timezone.localdate(), forms.TasksFilter.by(request, request.user)
    page = Paginator(queries.listed_tasks(request.user, form.wanted, today), PAGE).get_page(request.GET.get("trang"))
    cards = [_card(task, today) for task in page]
    return answer(request, "office/plans/tasks.html", form, {"page": page, "cards": cards})


@export
@staff(May.SEE_FIGURES)
def download(request: PersonRequest, kind: str) -> HttpResponseBase:
    """The table as Excel or CSV: all of it, as filtered."""
    today, form = timezone.localdate(), forms.TasksFilter.by(request, request.user)
    if not form.is_valid():  # no file of what was not asked for
        return redirect(reverse("tasks", query=request.GET))
    head = [
        _("Nhiệm vụ"), _("Kế hoạch"), _("Đơn vị ban hành"), _("Đơn vị chủ trì"), _("Sản phẩm"), _("Từ ngày"), _("Hạn"),
        _("Xong ngày"), _("Trạng thái"), _("Vì sao"),
    ]  # fmt: skip
    rows = (
        [
            t.title, t.plan.title, t.plan.unit.name, t.lead_unit.name if t.lead_unit else "", t.product, t.starts_on,
            t.due_on, t.done_on, str(t.state_on(today).label), t.reason_on(today),
        ]
        for t in queries.listed_tasks(request.user, form.wanted, today).iterator(2000)
    )  # fmt: skip
    return tables.download(kind, "nhiem-vu", head, rows)


@staff(May.SEE_FIGURES)
def calendar(request: PersonRequest) -> HttpResponse:
    """A month of due days."""
    today, form = timezone.localdate(), forms.TasksFilter.by(request, request.user)
    first = _month(request.GET.get("thang", ""), today)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    begins, ends = weeks[0][0], weeks[-1][-1]
    narrowed = Filter(**{**vars(form.wanted), "due_from": begins, "due_until": ends})
    by_day: dict[date, list[Task]] = {}
    first_ones, counts = queries.due_days(request.user, narrowed, a_day=ON_DAY)
    for task in first_ones:
        if task.due_on:
            by_day.setdefault(task.due_on, []).append(task)
    context = {
        "weeks": [[_day(day, first, today, by_day.get(day, []), counts.get(day, 0)) for day in week] for week in weeks],
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
    }
    return answer(request, "office/plans/calendar.html", form, context)


def _day(day: date, first: date, today: date, tasks: list[Task], count: int) -> Day:
    return Day(day, day.month == first.month, day == today, [_card(t, today) for t in tasks], count - len(tasks))


def _month(typed: str, today: date) -> date:
    try:
        year, month = (int(part) for part in typed.split("-")[:2])
        return date(year, month, 1) if 1900 < year < 2200 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


@export
@staff(May.SEE_FIGURES)
def calendar_file(request: PersonRequest) -> HttpResponse:
    """Due days as a calendar file (.ics), as filtered: what is to come, and what is late; the soonest first."""
    today, form = timezone.localdate(), forms.TasksFilter.by(request, request.user)
    if not form.is_valid():  # no file of what was not asked for
        return redirect(reverse("tasks", query=request.GET))
    tasks = queries.listed_tasks(request.user, form.wanted, today).filter(due_on__isnull=False, done_on=None)[
        :IN_CALENDAR
    ]
    address = request.build_absolute_uri(reverse("tasks"))
    response = HttpResponse(calendar_of(tasks, address, timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="han-nhiem-vu.ics"'
    return response

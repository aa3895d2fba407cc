"""One's inbox and preferences; the log of messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.text import fold
from hocvuso.people.rules import May
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import ReminderPreference
from hocvuso.reminders.rules import Channel
from hocvuso.reminders.services import reminding as urging

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import signed_in_fully, staff
from . import forms

PAGE = 40


@signed_in_fully
def inbox(request: PersonRequest) -> HttpResponse:
    """What I was told of, unread first."""
    return _inbox(request)


def _inbox(request: PersonRequest, refused: forms.ReadForm | None = None) -> HttpResponse:
    page = Paginator(questions.inbox(request.user), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": [(row, row.url) for row in page],
        "unread": questions.unread_count(request.user),
        "today": timezone.localdate(),
        "refused": refused,
    }
    return render(request, "office/reminders/inbox.html", context, status=refused.status if refused else 200)


@signed_in_fully
@require_POST
def read(request: PersonRequest) -> HttpResponse:
    """Acknowledge one, or all; `go` leads on to what it is about."""
    form = forms.ReadForm.of(request, within={"urgings": questions.inbox(request.user)})
    if not form.attempt(urging.read, person=request.user):
        return _inbox(request, form)
    row = form.cleaned_data["urgings"]
    return redirect(row.url) if row and form.cleaned_data["go"] else redirect("urge-inbox")


@signed_in_fully
def preferences(request: PersonRequest) -> HttpResponse:
    """By which ways, and when not."""
    wish = ReminderPreference.objects.filter(person=request.user).first()
    form = forms.PreferenceForm.of(request, row=wish or ReminderPreference(channels=[Channel.EMAIL]))
    if form.attempt(urging.prefer, person=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("urge-preferences")
    return answer(request, "office/reminders/preferences.html", form, {"unset": wish is None})


def _messages(request: PersonRequest, form: forms.LogFilter) -> Any:
    """Messages that the filters choose."""
    asked, rows = form.asked, questions.messages_seen_by(request.user)
    for name, lookup in (("state", "outgoing__state"), ("channel", "channel"), ("since", "day__gte")):
        if asked[name]:
            rows = rows.filter(**{lookup: asked[name]})
    for word in fold(asked["text"]).split():
        rows = rows.filter(person__name__icontains=word)
    return rows


@staff(May.URGE)
def log(request: PersonRequest) -> HttpResponse:
    """Every message to people in one's reach, with what became of it."""
    return _log(request, forms.LogFilter.of(request))


def _log(request: PersonRequest, form: forms.LogFilter) -> HttpResponse:
    page = Paginator(_messages(request, form), PAGE).get_page(request.GET.get("trang"))
    return answer(request, "office/reminders/log.html", form, {"page": page})


@export
@staff(May.URGE)
def log_file(request: PersonRequest) -> HttpResponseBase:
    """The log as a file."""
    form = forms.LogFilter.of(request)
    if not form.is_valid():
        return _log(request, form)
    head = [
        _("Ngày"),
        _("Người nhận"),
        _("Đường gửi"),
        _("Trạng thái"),
        _("Tiêu đề"),
        _("Gửi lúc"),
        _("Số lần"),
        _("Lỗi"),
    ]
    rows = (
        (m.day, m.person, m.get_channel_display(), o.get_state_display(), m.title, o.sent_at, o.tries, o.error)
        for m in _messages(request, form).iterator(1000)
        for o in (m.outgoing,)
    )
    return tables.download(request.GET.get("tep", ""), "tin-don-doc", head, rows)


@staff(May.URGE)
@require_POST
def send_again(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Queue a message that could not be sent once more."""
    found = get_object_or_404(questions.messages_seen_by(request.user), pk=pk)
    urging.send_again(message=found, by=request.user)
    messages.success(request, _("Tin sẽ được gửi lại trong lượt gửi tới."))
    return redirect("urge-log")

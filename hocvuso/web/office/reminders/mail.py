"""One's inbox and preferences; the log of messages."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.base.models import OutboxMessage
from hocvuso.base.text import fold
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import UrgePreference
from hocvuso.reminders.rules import QUIET_FROM, QUIET_TO, Channel
from hocvuso.reminders.services import reminding as urging

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.gate import signed_in_fully, staff

PAGE = 40


@signed_in_fully
def inbox(request: PersonRequest) -> HttpResponse:
    """What I was told of, unread first."""
    page = Paginator(questions.inbox(request.user), PAGE).get_page(request.GET.get("trang"))
    rows = [(row, row.url) for row in page]
    context = {
        "page": page, "rows": rows, "unread": questions.unread_count(request.user), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "office/reminders/inbox.html", context)


@signed_in_fully
@require_POST
def read(request: PersonRequest) -> HttpResponse:
    """Acknowledge one, or all; `go` leads on to what it is about."""
    text = request.POST.get("urging", "")
    chosen = None if text == "all" else [UUID(text)] if _is_uuid(text) else []
    urging.read(person=request.user, urgings=chosen)
    if request.POST.get("go") and chosen:
        row = get_object_or_404(questions.inbox(request.user), pk=chosen[0])
        return redirect(row.url)
    return redirect("urge-inbox")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@signed_in_fully
def preferences(request: PersonRequest) -> HttpResponse:
    """By which ways, and when not."""
    refusal: Refusal | None = None
    if request.method == "POST":
        post = request.POST
        try:
            urging.prefer(
                person=request.user,
                channels=post.getlist("channels"),
                quiet_from=_time(post.get("quiet_from", ""), QUIET_FROM),
                quiet_to=_time(post.get("quiet_to", ""), QUIET_TO),
                chat_handle=post.get("chat_handle", ""),
            )
            messages.success(request, _("Đã lưu."))
            return redirect("urge-preferences")
        except Refusal as error:
            refusal = error
    wish = UrgePreference.objects.filter(person=request.user).first()
    context = {"typed": _wish(request, wish), "channels": Channel.choices, "unset": wish is None, "refusal": refusal}
    return render(request, "office/reminders/preferences.html", context, status=400 if refusal else 200)


def _time(text: str, default: time) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return default


def _wish(request: PersonRequest, wish: UrgePreference | None) -> dict[str, Any]:
    if request.method == "POST":
        return request.POST.dict() | {"channels": request.POST.getlist("channels")}
    wish = wish or UrgePreference(channels=[Channel.EMAIL])
    return {
        "channels": wish.channels, "chat_handle": wish.chat_handle,
        "quiet_from": f"{wish.quiet_from:%H:%M}", "quiet_to": f"{wish.quiet_to:%H:%M}",
    }  # fmt: skip


def _messages(request: PersonRequest) -> Any:
    """Messages that the filters choose."""
    asked, rows = request.GET, questions.messages_seen_by(request.user)
    if asked.get("trang-thai") in OutboxMessage.State.values:
        rows = rows.filter(outgoing__state=asked["trang-thai"])
    if asked.get("duong") in Channel.values:
        rows = rows.filter(channel=asked["duong"])
    if asked.get("tu"):
        with suppress(ValueError):
            rows = rows.filter(day__gte=date.fromisoformat(asked["tu"]))
    for word in fold(asked.get("q", "")[:100]).split():
        rows = rows.filter(person__name__icontains=word)
    return rows


@staff(May.URGE)
def log(request: PersonRequest) -> HttpResponse:
    """Every message to people in one's reach, with what became of it."""
    page = Paginator(_messages(request), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "states": OutboxMessage.State.choices,
        "channels": Channel.choices,
        "chosen": {"state": request.GET.get("trang-thai", ""), "channel": request.GET.get("duong", "")},
        "may_urge": may_anywhere(request.user, May.URGE),
    }
    return render(request, "office/reminders/log.html", context)


@staff(May.URGE)
def log_file(request: PersonRequest) -> HttpResponseBase:
    """The log as a file."""
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
        for m in _messages(request).iterator(1000)
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

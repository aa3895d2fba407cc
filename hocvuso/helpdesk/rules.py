"""States of residents' requests and the arithmetic of their due days; pure tables and functions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.people.rules import by_day

LONGEST_TERM = 60  # days
LONGEST_ANSWER = 72  # hours
SATISFIED = 4  # of 5: from here a rating says that the resident is satisfied
RATINGS = range(1, 6)


class Topic(models.TextChoices):
    """What a request is about."""

    LEARNING = "learning", _("học cách làm một việc")
    SERVICE = "service", _("làm thủ tục trên mạng")
    DEVICE = "device", _("điện thoại, máy, mạng trục trặc")
    SAFETY = "safety", _("lừa đảo, mất tài khoản")
    OTHER = "other", _("việc khác")


class Channel(models.TextChoices):
    """How a request came."""

    PAGE = "page", _("trên trang này")
    DESK = "desk", _("đến tận nơi")
    PHONE = "phone", _("gọi điện")
    VISIT = "visit", _("tổ công nghệ số ghi khi đến nhà")


class RequestState(models.TextChoices):
    """Where a request stands (DOMAIN: asked → answered by assistant / taken by a person → solved → rated)."""

    ASKED = "asked", _("đang chờ")
    ANSWERED = "answered", _("đã gợi ý bài học")
    TAKEN = "taken", _("đã có người nhận")
    SOLVED = "solved", _("đã xong")
    RATED = "rated", _("đã đánh giá")
    WITHDRAWN = "withdrawn", _("đã rút")


# What the assistant suggests closes nothing: a person may still take the request, and its due day runs on.
OPEN = (RequestState.ASKED, RequestState.ANSWERED, RequestState.TAKEN)
MOVES: dict[RequestState, set[RequestState]] = {
    RequestState.ASKED: {RequestState.ANSWERED, RequestState.TAKEN, RequestState.SOLVED, RequestState.WITHDRAWN},
    RequestState.ANSWERED: {RequestState.TAKEN, RequestState.SOLVED, RequestState.WITHDRAWN},
    RequestState.TAKEN: {RequestState.ASKED, RequestState.SOLVED, RequestState.WITHDRAWN},
    RequestState.SOLVED: {RequestState.RATED, RequestState.ASKED},
    RequestState.RATED: set(),
    RequestState.WITHDRAWN: set(),
}


def due_on(asked_on: date, term: int | None) -> date | None:
    """The day by which a request is to be solved; None where no term of days was set."""
    return None if term is None else asked_on + timedelta(days=term)


def answer_by(local: datetime, topic: str, hours: int | None) -> datetime | None:
    """When somebody has answered who was defrauded; None where no hours were promised. What ends at night, by morning.

    `local`: when it was asked, in the time where people live.
    """
    if hours is None or topic != Topic.SAFETY:
        return None
    end = local + timedelta(hours=hours)
    return by_day(end) or end


def late_days(due: date | None, solved_on: date) -> int | None:
    """Days late, 0 when in time; None where nothing was due."""
    return None if due is None else max(0, (solved_on - due).days)

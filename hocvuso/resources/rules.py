"""States of pledges, needs and allocations, and their arithmetic: what is free in a span of days, how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST = 1_000_000  # of one pledge or need
EARTH = 6371  # kilometres


class Kind(models.TextChoices):
    """What is given or needed."""

    HALL = "hall", _("hội trường, phòng học")
    LAB = "lab", _("phòng máy")
    LINE = "line", _("đường truyền")
    SERVER = "server", _("năng lực máy chủ")
    DEVICE = "device", _("thiết bị")
    STAFF = "staff", _("ngày công")


COUNTED_IN: dict[str, Any] = {
    Kind.HALL: _("phòng"),
    Kind.LAB: _("phòng máy"),
    Kind.LINE: _("đường"),
    Kind.SERVER: _("máy chủ"),
    Kind.DEVICE: _("chiếc"),
    Kind.STAFF: _("ngày công"),
}
POOLED = {Kind.STAFF}  # used up: a day of work given to one is not there for another, on whatever day


class PledgeState(models.TextChoices):
    """Where a pledge stands; what of it is given away is told by its allocations (decision 0028)."""

    OFFERED = "offered", _("chờ xác minh")
    VERIFIED = "verified", _("đã xác minh")
    AVAILABLE = "available", _("sẵn sàng")
    REFUSED = "refused", _("không xác minh được")
    WITHDRAWN = "withdrawn", _("đã rút")


class NeedState(models.TextChoices):
    """Where a need stands. `met` follows from its allocations."""

    OPEN = "open", _("đang cần")
    MET = "met", _("đã đủ")
    WITHDRAWN = "withdrawn", _("đã rút")
    CLOSED = "closed", _("đã khép lại")


class AllocationState(models.TextChoices):
    """Where a part of a pledge given to a need stands."""

    ALLOCATED = "allocated", _("đã phân bổ")
    IN_USE = "in-use", _("đang dùng")
    RETURNED = "returned", _("đã trả")
    CANCELLED = "cancelled", _("đã huỷ")


PLEDGE_MOVES: dict[PledgeState, set[PledgeState]] = {
    PledgeState.OFFERED: {PledgeState.VERIFIED, PledgeState.REFUSED, PledgeState.WITHDRAWN},
    PledgeState.VERIFIED: {PledgeState.AVAILABLE, PledgeState.WITHDRAWN},
    PledgeState.AVAILABLE: {PledgeState.WITHDRAWN},
    PledgeState.REFUSED: {PledgeState.OFFERED, PledgeState.WITHDRAWN},
    PledgeState.WITHDRAWN: set(),
}
NEED_MOVES: dict[NeedState, set[NeedState]] = {
    NeedState.OPEN: {NeedState.MET, NeedState.WITHDRAWN, NeedState.CLOSED},
    NeedState.MET: {NeedState.OPEN, NeedState.CLOSED},
    NeedState.WITHDRAWN: set(),
    NeedState.CLOSED: set(),
}
ALLOCATION_MOVES: dict[AllocationState, set[AllocationState]] = {
    AllocationState.ALLOCATED: {AllocationState.IN_USE, AllocationState.CANCELLED},
    AllocationState.IN_USE: {AllocationState.RETURNED},
    AllocationState.RETURNED: set(),
    AllocationState.CANCELLED: set(),
}
EDITABLE = (PledgeState.OFFERED, PledgeState.REFUSED)
LIVE = (AllocationState.ALLOCATED, AllocationState.IN_USE)


@dataclass(frozen=True)
class Taken:
    """So much of a pledge is not free, from a day to a day, both included."""

    quantity: int
    starts_on: date
    ends_on: date


def taken_until(state: str, ends_on: date, returned_on: date | None, today: date) -> date:
    """The last day an allocation holds what it was given: to its end, to an earlier return, or while it is overdue."""
    if state == AllocationState.IN_USE:
        return max(ends_on, today)
    return min(ends_on, returned_on) if returned_on else ends_on


def left(quantity: int, taken: Iterable[Taken], starts_on: date, ends_on: date, *, pooled: bool = False) -> int:
    """The least that is free on any day of a span. Of a pool: what no allocation has used up, whatever its days."""
    if pooled:
        return max(0, quantity - sum(part.quantity for part in taken))
    changes: Counter[date] = Counter()
    for part in taken:
        if part.starts_on > ends_on or part.ends_on < starts_on:
            continue
        changes[max(part.starts_on, starts_on)] += part.quantity
        if part.ends_on < ends_on:
            changes[part.ends_on + timedelta(days=1)] -= part.quantity
    used = most = 0
    for day in sorted(changes):
        used += changes[day]
        most = max(most, used)
    return max(0, quantity - most)


def both(first: tuple[date, date | None], second: tuple[date, date | None]) -> tuple[date, date] | None:
    """The days two spans share; an open end is the last day there is. None when they share none."""
    starts_on = max(first[0], second[0])
    ends_on = min(first[1] or date.max, second[1] or date.max)
    return (starts_on, ends_on) if starts_on <= ends_on else None


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """As the crow flies, between two (latitude, longitude)."""
    (lat1, lon1), (lat2, lon2) = ((radians(x), radians(y)) for x, y in (here, there))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, chord)))

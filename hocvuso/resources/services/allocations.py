"""Verbs on allocations: give part of a pledge to a need, hand it over, take it back, cancel."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import EndsBeforeItStarts, Refusal
from hocvuso.people.models import Person

from ..models import Allocation, Need, Pledge
from ..queries import free_of
from ..rules import AllocationState, NeedState, PledgeState, both
from .common import NoDay, checked_quantity, locked, move, need_pledger, note_move
from .needs import settle


class NotAvailable(Refusal):
    """A pledge that cannot be allocated, or not any more."""

    code = "not-available"
    says = _("Đóng góp này chưa sẵn sàng, hoặc không còn.")


class NotOpen(Refusal):
    """A need that is met, withdrawn or closed."""

    code = "not-open"
    says = _("Nhu cầu này đã đủ hoặc không còn.")


class OtherKind(Refusal):
    """A hall does not do for a line."""

    code = "other-kind"
    says = _("Đóng góp này không cùng loại với nhu cầu.")


class OutsideTheSpan(Refusal):
    """Days on which it is not pledged, or not needed."""

    code = "outside-the-span"
    says = _("Thời gian phân bổ phải nằm trong thời gian của cả đóng góp và nhu cầu.")


class DaysOver(Refusal):
    """Nothing is given for days that are over."""

    code = "days-over"
    says = _("Những ngày này đã qua.")


class NotEnough(Refusal):
    """So much is not free on every day of the span."""

    code = "not-enough"
    says = _("Trong những ngày này chỉ còn %(left)s %(counted_in)s.")


class MoreThanNeeded(Refusal):
    """So much was not asked for."""

    code = "more-than-needed"
    says = _("Nhu cầu chỉ còn thiếu %(missing)s %(counted_in)s.")


class NotItsTime(Refusal):
    """Handed over within the days it was allocated for."""

    code = "not-its-time"
    says = _("Chỉ bàn giao trong những ngày đã phân bổ.")


@transaction.atomic
def allocate(
    *,
    pledge: Pledge,
    need: Need,
    quantity: int | None,
    starts_on: date | None,
    ends_on: date | None,
    by: Person,
    at: datetime | None = None,
) -> Allocation:
    """Give part of a pledge to a need for a time, by whoever acts for the giver. Raises NotEnough, MoreThanNeeded, …"""
    at = at or timezone.now()
    giver, asker = locked(pledge), locked(need)  # whoever allocates of the same pledge waits here
    need_pledger(by, giver.unit)
    _check_match(giver, asker)
    made = Allocation(pledge=giver, need=asker, quantity=checked_quantity(quantity), allocated_by=by)
    made.starts_on, made.ends_on = _checked_days(giver, asker, starts_on, ends_on, today=timezone.localdate(at))
    _check_quantity(made, today=timezone.localdate(at))
    made.save()
    note_move(made, by=by, at=at, quantity=quantity, starts_on=starts_on, ends_on=ends_on)
    settle(need=asker, by=by, at=at)
    return made


def _check_match(pledge: Pledge, need: Need) -> None:
    if pledge.state != PledgeState.AVAILABLE:
        raise NotAvailable(field="pledge")
    if need.state != NeedState.OPEN:
        raise NotOpen
    if pledge.kind != need.kind:
        raise OtherKind(field="pledge")


def _checked_days(
    pledge: Pledge, need: Need, starts_on: date | None, ends_on: date | None, *, today: date
) -> tuple[date, date]:
    if starts_on is None:
        raise NoDay(field="starts_on")
    if ends_on is None:
        raise NoDay(field="ends_on")
    if ends_on < starts_on:
        raise EndsBeforeItStarts(field="ends_on")
    if ends_on < today:
        raise DaysOver(field="ends_on")
    span = both(pledge.span, need.span)
    if span is None or starts_on < span[0]:
        raise OutsideTheSpan(field="starts_on")
    if ends_on > span[1]:
        raise OutsideTheSpan(field="ends_on")
    return starts_on, ends_on


def _check_quantity(made: Allocation, *, today: date) -> None:
    pledge, need = made.pledge, made.need
    free = free_of(pledge, pledge.allocations.counting(), (made.starts_on, made.ends_on), today)
    if made.quantity > free:
        raise NotEnough(field="quantity", left=free, counted_in=pledge.counted_in)
    if made.quantity > need.missing:
        raise MoreThanNeeded(field="quantity", missing=need.missing, counted_in=need.counted_in)


@transaction.atomic
def hand_over(*, allocation: Allocation, by: Person, at: datetime | None = None) -> None:
    """Giver or receiver says that it changed hands: it is in use. Raises NotItsTime."""
    at = at or timezone.now()
    held = _locked(allocation)
    need_pledger(by, held.pledge.unit, held.need.unit)
    if not held.starts_on <= timezone.localdate(at) <= held.ends_on:
        raise NotItsTime
    move(held, to=AllocationState.IN_USE, by=by, at=at)


@transaction.atomic
def take_back(*, allocation: Allocation, by: Person, at: datetime | None = None) -> None:
    """The giver has it back: from the next day on it is free. A return counts for the need all the same."""
    at = at or timezone.now()
    held = _locked(allocation)
    need_pledger(by, held.pledge.unit)
    if held.state == AllocationState.IN_USE:
        held.returned_on = timezone.localdate(at)
    move(held, to=AllocationState.RETURNED, by=by, at=at)


@transaction.atomic
def cancel(*, allocation: Allocation, by: Person, at: datetime | None = None) -> None:
    """Giver or receiver calls it off before it was handed over; the need may be open again."""
    at = at or timezone.now()
    held = _locked(allocation)
    need_pledger(by, held.pledge.unit, held.need.unit)
    move(held, to=AllocationState.CANCELLED, by=by, at=at)
    settle(need=held.need, by=by, at=at)


def _locked(allocation: Allocation) -> Allocation:
    held = Allocation.objects.select_related("pledge", "need").get(pk=allocation.pk)
    pledge, need = locked(held.pledge), locked(held.need)
    held = Allocation.objects.select_for_update(of=("self",)).get(pk=allocation.pk)
    held.pledge, held.need = pledge, need
    return held

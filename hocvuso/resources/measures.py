"""What resources can count: pledges offered and verified, allocations begun and returned, needs asked and met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import counts_of_units

from .models import AllocationMove, NeedMove, PledgeMove
from .rules import AllocationState, NeedState, PledgeState


def _moves(model: Any, state: str, *related: str) -> Callable[[], QuerySet[Any]]:
    return lambda: model.objects.filter(to=state, first=True).select_related(*(related or ("of",)))


def _pledges(state: PledgeState) -> Callable[[], QuerySet[Any]]:
    return _moves(PledgeMove, state)


def _allocations(state: AllocationState) -> Callable[[], QuerySet[Any]]:
    return _moves(AllocationMove, state, "of__pledge", "of__need")


def _needs(state: NeedState) -> Callable[[], QuerySet[Any]]:
    return _moves(NeedMove, state)


def _pledge(move: PledgeMove) -> tuple[str, str, Any]:
    return str(move.of), "pledge", move.of_id


def _need(move: NeedMove) -> tuple[str, str, Any]:
    return str(move.of), "need", move.of_id


def _allocation(move: AllocationMove) -> tuple[str, str, Any]:
    return str(move.of), "pledge", move.of.pledge_id


# An allocation counts at the unit and the place that receive.
for _name, _title, _rows, _record in (
    ("pledges.offered", _("Đóng góp được đề nghị"), _pledges(PledgeState.OFFERED), _pledge),
    ("pledges.available", _("Đóng góp đã xác minh, sẵn sàng"), _pledges(PledgeState.AVAILABLE), _pledge),
    ("allocations.begun", _("Lượt đóng góp được đưa vào sử dụng"), _allocations(AllocationState.IN_USE), _allocation),
    ("allocations.returned", _("Lượt đóng góp đã trả"), _allocations(AllocationState.RETURNED), _allocation),
    ("needs.asked", _("Nhu cầu về cơ sở vật chất, nhân lực"), _needs(NeedState.OPEN), _need),
    ("needs.met", _("Nhu cầu đã được đáp ứng"), _needs(NeedState.MET), _need),
):
    counts_of_units(_name, _title, _rows, at="at", place="place", record=_record)

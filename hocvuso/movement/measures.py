"""What the movement can count: residents' requests and how they went; what was pledged, used, returned, needed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import AllocationMove, NeedMove, PledgeMove, RequestMove
from .rules_pledges import AllocationState, NeedState, PledgeState
from .rules_requests import SATISFIED, RequestState


def _first(state: RequestState, **more: Any) -> QuerySet[RequestMove]:
    return RequestMove.objects.filter(to=state, first=True, **more).select_related("request")


def _moves(model: Any, state: str) -> Any:
    related = ("of__pledge", "of__need") if model is AllocationMove else ("of",)
    return lambda: model.objects.filter(to=state, first=True).select_related(*related)


def _record(move: RequestMove) -> tuple[str, str]:
    return str(move.request), f"/dieu-hanh/yeu-cau/{move.request_id}/"


def _pledge(move: PledgeMove) -> tuple[str, str]:
    return str(move.of), f"/dong-gop/{move.of_id}/"


def _need(move: NeedMove) -> tuple[str, str]:
    return str(move.of), f"/dong-gop/nhu-cau/{move.of_id}/"


def _allocation(move: AllocationMove) -> tuple[str, str]:
    return str(move.of), f"/dong-gop/{move.of.pledge_id}/"


def _measure(name: str, title: Any, rows: Any, *, place: str = "unit__place", record: Any = _record) -> None:
    register(
        Measure(
            name=name,
            version=1,
            title=title,
            measured_in=Counted.TIMES,
            kind="flow",
            rows=rows,
            at="at",
            changed="created_at",
            unit="unit",
            place=place,
            record=record,
        )
    )


_measure("requests.asked", _("Yêu cầu của người dân"), lambda: _first(RequestState.ASKED))
_measure("requests.solved", _("Yêu cầu đã giải quyết"), lambda: _first(RequestState.SOLVED))
_measure("requests.due", _("Yêu cầu có hạn, đã giải quyết"), lambda: _first(RequestState.SOLVED, late_days__gte=0))
_measure("requests.on-time", _("Yêu cầu giải quyết đúng hạn"), lambda: _first(RequestState.SOLVED, late_days=0))
_measure("requests.rated", _("Yêu cầu được đánh giá"), lambda: _first(RequestState.RATED))
_measure(
    "requests.satisfied", _("Yêu cầu được đánh giá hài lòng"), lambda: _first(RequestState.RATED, rating__gte=SATISFIED)
)

# An allocation counts at the unit and the place that receive.
for _name, _title, _model, _state, _to in (
    ("pledges.offered", _("Đóng góp được đề nghị"), PledgeMove, PledgeState.OFFERED, _pledge),
    ("pledges.available", _("Đóng góp đã xác minh, sẵn sàng"), PledgeMove, PledgeState.AVAILABLE, _pledge),
    ("allocations.begun", _("Lượt đóng góp được đưa vào sử dụng"), AllocationMove, AllocationState.IN_USE, _allocation),
    ("allocations.returned", _("Lượt đóng góp đã trả"), AllocationMove, AllocationState.RETURNED, _allocation),
    ("needs.asked", _("Nhu cầu về cơ sở vật chất, nhân lực"), NeedMove, NeedState.OPEN, _need),
    ("needs.met", _("Nhu cầu đã được đáp ứng"), NeedMove, NeedState.MET, _need),
):
    _measure(_name, _title, _moves(_model, _state), place="place", record=_to)

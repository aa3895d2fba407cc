"""What the movement can count: requests asked, solved, in time, rated, rated well; shares are ratios of these."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import RequestMove
from .rules_requests import SATISFIED, RequestState


def _first(state: RequestState, **more: Any) -> QuerySet[RequestMove]:
    return RequestMove.objects.filter(to=state, first=True, **more)


def _record(move: RequestMove) -> tuple[str, str]:
    return str(move.request), f"/dieu-hanh/yeu-cau/{move.request_id}/"


def _measure(name: str, title: Any, rows: Any) -> None:
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
            place="unit__place",
            record=_record,
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

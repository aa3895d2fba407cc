"""What the helpdesk can count: residents' requests and how they went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import counts_of_units

from .models import RequestMove
from .rules import SATISFIED, RequestState


def _first(state: RequestState, **more: Any) -> Callable[[], QuerySet[RequestMove]]:
    return lambda: RequestMove.objects.filter(to=state, first=True, **more).select_related("request")


def _record(move: RequestMove) -> tuple[str, str, Any]:
    return str(move.request), "resident-request", move.request_id


for _name, _title, _rows in (
    ("requests.asked", _("Yêu cầu của người dân"), _first(RequestState.ASKED)),
    ("requests.solved", _("Yêu cầu đã giải quyết"), _first(RequestState.SOLVED)),
    ("requests.due", _("Yêu cầu có hạn, đã giải quyết"), _first(RequestState.SOLVED, late_days__gte=0)),
    ("requests.on-time", _("Yêu cầu giải quyết đúng hạn"), _first(RequestState.SOLVED, late_days=0)),
    ("requests.rated", _("Yêu cầu được đánh giá"), _first(RequestState.RATED)),
    ("requests.satisfied", _("Yêu cầu được đánh giá hài lòng"), _first(RequestState.RATED, rating__gte=SATISFIED)),
):
    counts_of_units(_name, _title, _rows, at="at", record=_record)

"""What a page of figures is about: a unit in one's reach and a period, both from the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hocvuso.base import periods as calendar
from hocvuso.base.fields import holding
from hocvuso.base.numbers import fixed
from hocvuso.base.periods import Period, PeriodType
from hocvuso.indicators import queries
from hocvuso.indicators.models import Indicator
from hocvuso.people.queries import grants_of
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.typed import key

FOUND = 20
BACK = 12


@dataclass(frozen=True)
class Asked:
    """The unit and the period that a page shows."""

    unit: Unit
    period: Period

    @property
    def query(self) -> str:
        """Both, as they stand in addresses."""
        return urlencode({"don-vi": self.unit.pk, "ky": self.period.code})


def asked(request: PersonRequest, *, kind: str = PeriodType.MONTH) -> Asked:
    """What the address asks for: by default one's own unit and this month (or the present period of `kind`)."""
    return Asked(_unit(request), _period(request, kind))


def _unit(request: PersonRequest) -> Unit:
    in_reach = queries.units_to_see(request.user)
    chosen = key(request.GET, "don-vi")
    if chosen is not None:
        return get_object_or_404(in_reach.select_related("place", "parent"), pk=chosen)
    own = next((g.unit for g in grants_of(request.user) if May.SEE_FIGURES in GIVES[Role(g.role)]), None)
    if own is None:
        raise Http404
    return own


def _period(request: PersonRequest, kind: str) -> Period:
    try:
        return calendar.parse(request.GET.get("ky", ""))
    except ValueError:
        pass
    wished = request.GET.get("loai-ky", "")
    return calendar.containing(wished if wished in PeriodType.values else kind, timezone.localdate())


def choices(request: PersonRequest, at: Asked) -> dict[str, Any]:
    """What the chooser offers: types of periods, periods back to a year ago, units by name in one's reach."""
    text = request.GET.get("tim", "").strip()[:100]
    found = queries.units_to_see(request.user).filter(holding(text))
    return {
        "at": at,
        "kinds": PeriodType.choices,
        "periods": series(at.period, latest=calendar.containing(at.period.type, timezone.localdate()))[::-1],
        "tim": text,
        "found": found.order_by("path")[:FOUND] if text else [],
        "above": queries.units_to_see(request.user).filter(path__in=at.unit.tree_path.ancestors).order_by("path"),
    }


def series(period: Period, *, latest: Period | None = None) -> list[Period]:
    """The periods up to `period` (or the latest, if later), oldest first."""
    last = latest if latest is not None and latest.last > period.last else period
    found = [last]
    while len(found) < BACK or found[0].first > period.first:
        found.insert(0, found[0].preceding())
    return found


def period_for(indicator: Indicator, period: Period) -> Period:
    """Declared figures have a type of period of their own; measured ones are shown for any."""
    if indicator.kind != Indicator.Kind.DECLARED or indicator.period_type == period.type:
        return period
    return calendar.containing(indicator.period_type, period.last)


def shown(value: float | None, decimals: int = 0) -> str:
    """A number the reader's way; a dash for what nobody said."""
    return "–" if value is None else fixed(value, decimals)

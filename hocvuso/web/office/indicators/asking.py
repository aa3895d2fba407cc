"""What a page of figures is about: a unit in one's reach and a period, both from the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
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
from .forms import BACK, AskedFilter

FOUND = 20


@dataclass(frozen=True)
class Asked:
    """The unit and the period that a page shows, and the filter that asked for them."""

    unit: Unit
    period: Period
    form: AskedFilter

    @property
    def query(self) -> str:
        """Both, as they stand in addresses."""
        return urlencode({"don-vi": self.unit.pk, "ky": self.period.code})


def asked(request: PersonRequest, *, kind: str = PeriodType.MONTH) -> Asked:
    """What the address asks for: by default one's own unit and this month (or the present period of `kind`).

    404 for a unit that is not there or out of reach.
    """
    in_reach = queries.units_to_see(request.user).select_related("place", "parent")
    form = AskedFilter.of(request, within={"unit": in_reach})
    wanted = form.asked
    unit = wanted["unit"] or _own(request)
    if unit is None or "unit" in form.errors:
        raise Http404
    return Asked(unit, _period(wanted, kind), form)


def _own(request: PersonRequest) -> Unit | None:
    return next((g.unit for g in grants_of(request.user) if May.SEE_FIGURES in GIVES[Role(g.role)]), None)


def _period(wanted: dict[str, Any], kind: str) -> Period:
    if wanted["period"]:
        return calendar.parse(wanted["period"])
    return calendar.containing(wanted["kind"] or kind, timezone.localdate())


@dataclass(frozen=True)
class Choices:
    """What `office/indicators/chooser.html` offers beside what was asked for."""

    at: Asked
    kinds: list[tuple[str, Any]]
    periods: list[Period]
    found: Iterable[Unit]
    above: Iterable[Unit]


def choices(request: PersonRequest, at: Asked) -> Choices:
    """Types of periods, periods back to a year ago, units by name in one's reach."""
    text = at.form.asked["text"]
    found = queries.units_to_see(request.user).filter(holding(text))
    return Choices(
        at=at,
        kinds=list(PeriodType.choices),
        periods=series(at.period, latest=calendar.containing(at.period.type, timezone.localdate()))[::-1],
        found=found.order_by("path")[:FOUND] if text else [],
        above=queries.units_to_see(request.user).filter(path__in=at.unit.tree_path.ancestors).order_by("path"),
    )


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

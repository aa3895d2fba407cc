"""Questions about pledges and needs: who verifies, what is free, what fits, how far it is, what a commune has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any

from django.db.models import Case, F, FloatField, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from hocvuso.people.models import Person
from hocvuso.people.queries import may, tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Place, Unit

from .models import Allocation, Need, Pledge, PledgeMove
from .rules import POOLED, PledgeState, both, kilometres, left

LOOKED_AT = 100  # nearest pledges or needs whose calendars are read for one page
SHOWN = 20


def may_verify(person: Any, unit: Unit) -> bool:
    """Whether the person verifies what a unit gives: as its leader, or working for a unit above it.

    No permission of its own: leaders are those who approve plans, and whoever gives for a unit above answers for
    what stands beneath it. That it is never the one who wrote the pledge is `wrote`.
    """
    above = unit.parent
    return may(person, May.APPROVE_PLAN, unit) or (above is not None and may(person, May.PLEDGE, above))


def wrote(person: Person, pledge: Pledge) -> bool:
    """Whether the person offered the pledge or ever changed it."""
    return pledge.moves.filter(to=PledgeState.OFFERED, by=person).exists()


def to_verify(person: Any) -> QuerySet[Pledge]:
    """Pledges that wait for this person's look, the longest waiting first."""
    theirs = Q(unit__in=units_in_reach(person, May.APPROVE_PLAN))
    for top in tops_of_reach(person, May.PLEDGE):
        theirs |= Q(unit__path__startswith=top.path) & ~Q(unit=top)
    own = PledgeMove.objects.filter(to=PledgeState.OFFERED, by=person.pk).values("of")
    return Pledge.objects.filter(theirs, state=PledgeState.OFFERED).exclude(pk__in=own).order_by("created_at")


def free_of(pledge: Pledge, allocations: Iterable[Allocation], span: tuple[date, date], today: date) -> int:
    """How much of a pledge is free on every day of a span, next to its allocations that were not cancelled."""
    taken = [allocation.taken(today) for allocation in allocations]
    return left(pledge.quantity, taken, *span, pooled=pledge.kind in POOLED)


def province_of(place: Place | None) -> str | None:
    """The code of the province in which a place lies, or that it is."""
    if place is None or place.kind == Place.Kind.COUNTRY:
        return None
    return place.code if place.kind == Place.Kind.PROVINCE else place.parent_id


def in_province(code: str) -> Q:
    """Pledges or needs of a province."""
    return Q(place=code) | Q(place__parent=code)


def nearest_first[R: (Pledge, Need)](found: QuerySet[R], origin: Place | None) -> QuerySet[R]:
    """Those of the same commune, then of the same province, then by distance; where that is unknown, last."""
    if origin is None:
        return found.order_by("title")
    province = province_of(origin)
    ranks = [When(place=origin, then=Value(0))]
    if province:
        ranks.append(When(in_province(province), then=Value(1)))
    found = found.annotate(rank=Case(*ranks, default=Value(2)), off=_off(origin))
    return found.order_by("rank", F("off").asc(nulls_last=True), "title")


def _off(origin: Place) -> Any:
    """Distance squared in degrees, on a flat map: puts places of one country in order, in any database."""
    if origin.latitude is None or origin.longitude is None:
        return Cast(Value(None), FloatField())
    north = F("place__latitude") - Value(origin.latitude)
    east = (F("place__longitude") - Value(origin.longitude)) * Value(cos(radians(origin.latitude)))
    return north * north + east * east


@dataclass(frozen=True)
class Nearness:
    """How near: `same` is "commune", "province" or empty; kilometres where both places have a point."""

    same: str
    km: int | None


def nearness(origin: Place | None, place: Place) -> Nearness:
    """How near a place is to another."""
    if origin is None:
        return Nearness("", None)
    if origin.pk == place.pk and place.kind == Place.Kind.COMMUNE:
        return Nearness("commune", None)
    same = "province" if province_of(origin) is not None and province_of(origin) == province_of(place) else ""
    ends = (origin, place) if origin.pk != place.pk else ()
    points = [(p.latitude, p.longitude) for p in ends if p.latitude is not None and p.longitude is not None]
    return Nearness(same, round(kilometres(*points)) if len(points) == 2 else None)


@dataclass(frozen=True)
class Fit:
    """A pledge that has something for a need: how much on every shared day, from when to when, how near."""

    pledge: Pledge
    free: int
    starts_on: date
    ends_on: date
    near: Nearness


def pledges_fitting(need: Need, today: date) -> list[Fit]:
    """Available pledges with something free for a need, nearest first: of the LOOKED_AT nearest. Two queries."""
    offered = Pledge.objects.available().filter(kind=need.kind).select_related("unit", "place")
    found = nearest_first(_sharing_days(offered, need, today), need.place)
    counting = Prefetch("allocations", Allocation.objects.counting())
    fits = []
    for pledge in found.prefetch_related(counting)[:LOOKED_AT]:
        span = both(both(pledge.span, need.span) or need.span, (today, None))
        free = free_of(pledge, pledge.allocations.all(), span, today) if span else 0
        if span and free:
            fits.append(Fit(pledge, free, *span, nearness(need.place, pledge.place)))
    return fits[:SHOWN]


def needs_fitting(pledge: Pledge, today: date) -> list[tuple[Need, Nearness]]:
    """Open needs for which a pledge may do, nearest first. One query."""
    asked = Need.objects.open().filter(kind=pledge.kind).select_related("unit", "place")
    found = nearest_first(_sharing_days(asked, pledge, today), pledge.place)
    return [(need, nearness(pledge.place, need.place)) for need in found[:SHOWN]]


def _sharing_days[R: (Pledge, Need)](found: QuerySet[R], other: Pledge | Need, today: date) -> QuerySet[R]:
    found = found.filter(Q(ends_on=None) | Q(ends_on__gte=max(other.starts_on, today)))
    return found.filter(starts_on__lte=other.ends_on) if other.ends_on else found


def free_today(pledges: Sequence[Pledge], today: date) -> dict[Any, int]:
    """How much of each pledge is free today, or on its first day when that is still to come. One query."""
    parts: dict[Any, list[Allocation]] = {pledge.pk: [] for pledge in pledges}
    for allocation in Allocation.objects.counting().filter(pledge__in=pledges):
        parts[allocation.pledge_id].append(allocation)
    days = {pledge.pk: max(today, pledge.starts_on) for pledge in pledges}
    return {p.pk: free_of(p, parts[p.pk], (days[p.pk], days[p.pk]), today) for p in pledges}


@dataclass(frozen=True)
class AtCommune:
    """What a commune has of the movement's pledges: given to it, asked by it, offered around it; the first few."""

    given: Sequence[Allocation]
    needs: Sequence[Need]
    around: Sequence[Pledge]


def pledges_near(unit: Unit, today: date, *, show: int = 10) -> AtCommune:
    """For a commune's page: what is given to it and beneath, what it needs, what is offered in it. Three queries."""
    given = Allocation.objects.live().filter(need__unit__path__startswith=unit.path)
    needs = Need.objects.open().filter(unit__path__startswith=unit.path)
    around = Pledge.objects.available().filter(Q(ends_on=None) | Q(ends_on__gte=today), place=unit.place_id)
    return AtCommune(
        given=list(given.select_related("pledge__unit", "need__unit").order_by("ends_on")[:show]),
        needs=list(needs.select_related("unit").order_by("starts_on")[:show]),
        around=list(around.select_related("unit").order_by("title")[:show]),
    )

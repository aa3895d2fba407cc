"""Denominators: how many people live where units stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from hocvuso.people.queries import tops_of_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Place, Unit

from ..models import Population

type Populations = dict[tuple[UUID, str, str], int]


def populations(groups: Collection[str], units: Collection[Unit], ends: dict[str, date]) -> Populations:
    """(unit, group, period) → people of the group at the unit's place, by the latest count up to the period's end.

    The country without a count of its own is the sum of its provinces, once every one of them has one. Two queries.
    """
    if not groups or not units or not ends:
        return {}
    places = {u.place_id for u in units if u.place_id}
    national = set(Place.objects.filter(kind=Place.Kind.COUNTRY).values_list("code", flat=True)) & places
    rows = Population.objects.filter(
        Q(place__in=places) | Q(place__parent__in=national), group__in=groups, on__lte=max(ends.values())
    )
    counts: dict[tuple[str, str], list[tuple[date, int]]] = {}
    for place, parent, group, on, count in rows.order_by("on").values_list(
        "place", "place__parent", "group", "on", "count"
    ):
        counts.setdefault((place, group), []).append((on, count))
        if parent in national:
            counts.setdefault((f"{parent}/{place}", group), []).append((on, count))
    provinces = Place.objects.filter(parent__in=national).in_force(max(ends.values())).count() if national else 0
    found: Populations = {}
    for unit in units:
        for group in groups:
            for code, end in ends.items():
                people = _count(counts, unit.place_id, group, end, provinces if unit.place_id in national else 0)
                if people is not None:
                    found[unit.pk, group, code] = people
    return found


def places_to_count(person: Any) -> QuerySet[Place]:
    """Places whose population a person (None: the operator) may enter: all, for who looks after the ministry's data; a
    province's communes, for who does so for its department. Nobody enters what their own figures are divided by.
    """
    tops = [] if person is None else tops_of_reach(person, May.STEWARD_DATA)
    if person is None or any(top.kind == Unit.Kind.MINISTRY for top in tops):
        return Place.objects.all()
    provinces = [top.place_id for top in tops if top.kind == Unit.Kind.PROVINCIAL_DEPARTMENT]
    return Place.objects.filter(parent__in=provinces, kind=Place.Kind.COMMUNE)


def population_of(unit: Unit, group: str, end: date) -> Population | None:
    """The count that figures of a unit are divided by at the end of a period; None too where it is a sum of counts."""
    found = Population.objects.filter(place=unit.place_id, group=group, on__lte=end) if unit.place_id else None
    return found.order_by("on").last() if found is not None else None


type Counts = dict[tuple[str, str], list[tuple[date, int]]]


def _count(counts: Counts, place: str | None, group: str, end: date, provinces: int) -> int | None:
    if place is None:
        return None
    own = _latest(counts.get((place, group), []), end)
    if own is not None or not provinces:
        return own
    parts = [_latest(c, end) for (p, g), c in counts.items() if g == group and p.startswith(f"{place}/")]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == provinces else None


def _latest(dated: list[tuple[date, int]], end: date) -> int | None:
    return next((count for on, count in reversed(dated) if on <= end), None)

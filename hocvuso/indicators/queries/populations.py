"""Denominators: how many people live where units stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

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

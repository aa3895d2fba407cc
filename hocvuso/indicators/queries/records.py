"""The records beneath a figure, for whoever may see the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hocvuso.base.addresses import address_of
from hocvuso.base.errors import NotAllowed
from hocvuso.base.periods import Period
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..rules import Measure
from .scopes import scopes_of_units
from .sources import dated, within_days


@dataclass(frozen=True)
class Record:
    """One record, told without names: its day, what it says, where it is opened, where it lies, a mark of the person.

    The mark tells one person's records from another's, and nothing about who it is.
    """

    day: date
    label: str
    url: str
    place: str
    person: str


def records(*, measure: Measure, unit: Unit, period: Period, viewer: Any) -> QuerySet:
    """The records that a figure counts, latest first; read them with `told`. Raises NotAllowed."""
    if not may(viewer, May.SEE_FIGURES, unit):
        raise NotAllowed
    scope = scopes_of_units([unit])[unit.pk]
    first = None if measure.kind == "stock" else period.first
    rows = dated(measure).filter(within_days(measure, first, period.last), _inside(measure, scope))
    joined = [path for path in (measure.place_path, "" if measure.person == "self" else measure.person) if path]
    return rows.select_related(*joined).order_by("-cell_day", "pk") if joined else rows.order_by("-cell_day", "pk")


def _inside(measure: Measure, scope: str) -> Q:
    kind, path = scope[0], scope[1:]
    if kind == "u":
        return Q(**{f"{measure.unit}__path__startswith": path}) if measure.unit else Q(pk__in=[])
    if not path:
        return Q()
    place = measure.place_path
    if not place:
        return Q(pk__in=[])
    if "." in path:
        return Q(**{place: path.rsplit(".", 1)[-1]})
    return Q(**{place: path}) | Q(**{f"{place}__parent": path, f"{place}__kind": "commune"})


def told(measure: Measure, row: Any) -> Record:
    """A record as it is shown."""
    label, word, key = measure.record(row)
    person = row if measure.person == "self" else _follow(row, measure.person)
    place = _follow(row, measure.place_path)
    return Record(
        row.cell_day, label, address_of(word, key), str(place) if place else "", str(person.pk)[-6:] if person else ""
    )


def _follow(row: Any, path: str) -> Any:
    for step in path.split("__") if path else ():
        row = getattr(row, step, None)
    return row if path else None

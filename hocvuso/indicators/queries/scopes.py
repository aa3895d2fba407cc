"""Where units lie: each unit's scope of counting, and who may see what in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from hocvuso.people.queries import grants_of, units_in_reach
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.units.models import Place, Unit

from ..rules import area_of

AREA_KINDS = {Unit.Kind.MINISTRY, Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE}


def scope_of(unit: Unit, place: Place | None) -> str:
    """The ministry counts the country, a department of education its province, a committee its commune.

    Any other unit, or one of these whose place is not known, counts what belongs to itself and its subtree.
    """
    if unit.kind == Unit.Kind.MINISTRY:
        return "a"
    if unit.kind in AREA_KINDS and place is not None and place.kind != Place.Kind.COUNTRY:
        return "a" + area_of(place.code, place.kind, place.parent_id)
    return "u" + unit.path


def scopes_of_units(units: Iterable[Unit]) -> dict[UUID, str]:
    """Scope by unit. One query for the places."""
    units = list(units)
    places = Place.objects.in_bulk({u.place_id for u in units if u.place_id})
    return {u.pk: scope_of(u, places.get(u.place_id or "")) for u in units}


def cells_in(scope: str) -> Q:
    """A test on cells: those that count in a scope."""
    kind, path = scope[0], scope[1:]
    if kind == "u":
        return Q(unit_path__startswith=path)
    return Q(area=path) | Q(area__startswith=path + ".") if path else Q()


def people_may_be_shown(viewer: Any, unit: Unit) -> bool:
    """Whether small counts of this unit may be shown: to whoever's reach contains it. None only computes."""
    return viewer is None or any(
        May.SEE_FIGURES in GIVES[Role(g.role)] and unit.path.startswith(g.unit.path) for g in grants_of(viewer)
    )


def units_to_see(viewer: Any) -> Any:
    """Units whose figures a person may see."""
    return units_in_reach(viewer, May.SEE_FIGURES)


def children_that_part(unit: Unit, scope: str) -> list[tuple[Unit, str]]:
    """Child units whose scopes lie inside `scope` and do not overlap: the parts that a unit's figure is made of."""
    children = list(unit.children.order_by("path"))
    found: dict[str, Unit] = {}
    for child, its in zip(children, scopes_of_units(children).values(), strict=True):
        beneath = scope if scope == "a" or scope[0] == "u" else scope + "."
        if its.startswith(beneath) and its != scope:
            found.setdefault(its, child)
    return [(child, its) for its, child in found.items()]


def child_places(scope: str) -> list[tuple[Place, str]]:
    """Provinces of the country or communes of a province, each with its scope."""
    if scope == "a":
        return [(p, "a" + p.code) for p in Place.objects.provinces()]
    if scope[0] == "a" and "." not in scope:
        communes = Place.objects.communes().filter(parent_id=scope[1:])
        return [(p, f"{scope}.{p.code}") for p in communes]
    return []


def special_difficulty(areas: Collection[str]) -> dict[str, str]:
    """`yes`, `no` or empty (not known) by area."""
    codes = {area: area.rsplit(".", 1)[-1] for area in areas if area}
    marks = dict(Place.objects.filter(code__in=codes.values()).values_list("code", "special_difficulty"))
    words = {True: "yes", False: "no", None: ""}
    return {area: words[marks.get(code)] for area, code in codes.items()}

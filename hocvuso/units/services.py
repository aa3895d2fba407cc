"""Verbs on places and units: load reference data, open and close units, import lists."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hocvuso.base import journal
from hocvuso.base.sheets import BadFile
from hocvuso.base.text import fold, same

from .models import Place, Unit
from .places import apply_places, plan_places
from .rules import UnitPath, base36

BATCH = 1000

__all__ = [
    "apply_places",
    "close_unit",
    "load_places",
    "load_units",
    "open_commune_committees",
    "open_unit",
    "open_units",
    "plan_places",
]


def load_places(path: Path) -> int:
    """Load `data/places.csv`; codes already there are brought up to date, none is removed. Raises BadFile."""
    made = plan_places(path.name, path.read_bytes())
    if made.faults:
        raise BadFile(why="; ".join(map(str, made.faults[:20])))
    return apply_places(made)


@transaction.atomic
def load_units(path: Path) -> int:
    """Load `data/units.csv` (parents before children); existing codes keep their place in the tree."""
    rows = _rows(path)
    for row in rows:
        if Unit.objects.filter(code=row["code"]).exists():
            continue
        open_unit(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            kind=row["kind"],
            parent=Unit.objects.get(code=row["parent"]) if row["parent"] else None,
            place_code=row["place"] or None,
            source=row["source"][:200],
        )
    return len(rows)


@transaction.atomic
def open_commune_committees() -> int:
    """A people's committee for every commune in force, under its province's education department; how many are new.

    The education sector steers communes through the province's department, so that is where the tree by management
    has them. Existing ones keep their place in the tree.
    """
    known = set(Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE).values_list("place_id", flat=True))
    departments = Unit.objects.filter(kind=Unit.Kind.PROVINCIAL_DEPARTMENT).exclude(place=None)
    communes: dict[str, list[Place]] = {}
    for place in Place.objects.in_force(timezone.localdate()).communes().exclude(code__in=known):
        communes.setdefault(str(place.parent_id), []).append(place)
    made = [unit for d in departments for unit in _committees_under(d, communes.get(str(d.place_id), []))]
    Unit.objects.bulk_create(made, batch_size=500)
    return len(made)


def _committees_under(department: Unit, places: list[Place]) -> list[Unit]:
    """Unsaved committees for `places`, numbered after the department's last child."""
    first = department.last_child + 1
    Unit.objects.filter(pk=department.pk).update(last_child=F("last_child") + len(places))
    return [
        Unit(
            code=f"UBND-{place.code}",
            name=f"Uỷ ban nhân dân {place.name}",
            kind=Unit.Kind.COMMUNE_COMMITTEE,
            parent=department,
            path=department.tree_path.child(number).text,
            place=place,
            source=place.source,
            search=f"uy ban nhan dan {fold(place.name)} ubnd {place.code}",
        )
        for number, place in enumerate(places, first)
    ]


@transaction.atomic
def open_unit(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    name_en: str = "",
    place_code: str | None = None,
    opened_on: date | None = None,
    source: str = "",
    by: Any = None,
) -> Unit:
    """Add a unit under `parent` (or a root). The parent's row is locked, so two cannot take one number.

    A digital team without a place of its own is at that of its commune.
    """
    if parent is not None and not place_code and kind == Unit.Kind.DIGITAL_TEAM:
        place_code = parent.place_id
    if parent is None:
        path = UnitPath(base36(Unit.objects.filter(parent=None).count() + 1) + ".")
    else:
        Unit.objects.filter(pk=parent.pk).update(last_child=F("last_child") + 1)
        parent.refresh_from_db(fields=["last_child", "path"])
        path = parent.tree_path.child(parent.last_child)
    unit = Unit.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        parent=parent,
        path=path.text,
        place_id=place_code,
        opened_on=opened_on,
        source=source,
        search=f"{fold(name)} {fold(code)}",
    )
    if by is not None:
        journal.write("unit.opened", unit, by=by, code=code, name=name)
    return unit


@transaction.atomic
def open_units(rows: Sequence[Mapping[str, str]], *, source: str) -> list[Unit]:
    """Add many units in a few statements; each stands under that of its parent's code, which is there or comes before.

    `rows`: code, name, kind, parent, maybe name_en and place. One by one, thousands would keep all others from writing
    for minutes. Raises KeyError for a parent that there is not.
    """
    by_code = {same(unit.code): unit for unit in Unit.objects.all()}
    above = {by_code[code].pk for row in rows if (code := same(row["parent"])) in by_code}
    locked = list(Unit.objects.select_for_update().filter(pk__in=above))
    by_code |= {same(unit.code): unit for unit in locked}
    made = []
    for row in rows:
        parent = by_code[same(row["parent"])]
        parent.last_child += 1
        at_parents = row["kind"] == Unit.Kind.DIGITAL_TEAM  # as `open_unit` has it
        unit = Unit(
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            kind=row["kind"],
            parent=parent,
            path=parent.tree_path.child(parent.last_child).text,
            place_id=row.get("place") or (parent.place_id if at_parents else None),
            source=source,
            search=f"{fold(row['name'])} {fold(row['code'])}",
        )
        by_code[same(unit.code)] = unit
        made.append(unit)
    Unit.objects.bulk_create(made, batch_size=500)
    Unit.objects.bulk_update(locked, ["last_child"], batch_size=500)
    return made


@transaction.atomic
def close_unit(*, unit: Unit, on: date, by: Any) -> Unit:
    """Close a unit from a day; its history stays."""
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    journal.write("unit.closed", unit, by=by, on=on)
    return unit


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

"""Reference data: starter indicators, targets with sources, dated populations."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from hocvuso.base.models import JournalEntry
from hocvuso.units.models import Place, Unit

from ..models import Indicator, Population, Target
from .defining import check_definition


@transaction.atomic
def load_reference(folder: Path) -> int:
    """Load `indicators.yaml`, `targets.csv`, `populations.csv`; what people changed since stays. Returns the count."""
    rows = yaml.safe_load((folder / "indicators.yaml").read_text("utf-8"))
    for row in rows:
        _indicator(row)
    return len(rows) + _targets(folder / "targets.csv") + _populations(folder / "populations.csv")


def _indicator(row: dict[str, Any]) -> None:
    """A version that is there stays; one above the current supersedes it."""
    version = row.setdefault("version", 1)
    there = Indicator.objects.filter(key=row["key"])
    if there.filter(version__gte=version).exists():
        same = there.filter(measured_in=row.get("measured_in", ""), measured_in_en="")
        same.update(measured_in_en=row.get("measured_in_en", ""))  # rows from before this column have none
        return
    made = Indicator(**row)
    check_definition(made)
    Indicator.objects.filter(key=row["key"]).update(superseded=True)
    made.save()


def _targets(path: Path) -> int:
    units = {u.code: u for u in Unit.objects.filter(code__in={r["unit"] for r in _rows(path)})}
    key = ("indicator", "unit", "period")
    rows = [r for r in _rows(path) if r["unit"] in units]
    Target.objects.bulk_create(
        [
            Target(
                indicator=r["indicator"],
                unit=units[r["unit"]],
                period=r["period"],
                value=float(r["value"]),
                source=r["source"][:300],
            )
            for r in _not_taken_away("target.removed", rows, key)
        ],
        ignore_conflicts=True,
    )
    return len(rows)


def _populations(path: Path) -> int:
    known = set(Place.objects.filter(code__in={r["place"] for r in _rows(path)}).values_list("code", flat=True))
    key = ("place", "group", "on")
    rows = [r for r in _rows(path) if r["place"] in known]
    Population.objects.bulk_create(
        [
            Population(
                place_id=r["place"], group=r["group"], on=r["on"], count=int(r["count"]), source=r["source"][:300]
            )
            for r in _not_taken_away("population.removed", rows, key)
        ],
        ignore_conflicts=True,
    )
    return len(rows)


def _not_taken_away(act: str, rows: list[dict[str, str]], key: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows that nobody has removed since: the journal tells."""
    told = JournalEntry.objects.filter(act=act).values_list("data", flat=True)
    gone = {tuple(data.get(name) for name in key) for data in told}
    return [row for row in rows if tuple(row[name] for name in key) not in gone]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

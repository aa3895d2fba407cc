"""Reference data: starter indicators, targets with sources, dated populations."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

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
    if Indicator.objects.filter(key=row["key"], version__gte=version).exists():
        return
    made = Indicator(**row)
    check_definition(made)
    Indicator.objects.filter(key=row["key"]).update(superseded=True)
    made.save()


def _targets(path: Path) -> int:
    units = {u.code: u for u in Unit.objects.filter(code__in={r["unit"] for r in _rows(path)})}
    rows = [r for r in _rows(path) if r["unit"] in units]
    for row in rows:
        Target.objects.get_or_create(
            indicator=row["indicator"],
            unit=units[row["unit"]],
            period=row["period"],
            defaults={"value": float(row["value"]), "source": row["source"][:300]},
        )
    return len(rows)


def _populations(path: Path) -> int:
    known = set(Place.objects.filter(code__in={r["place"] for r in _rows(path)}).values_list("code", flat=True))
    rows = [r for r in _rows(path) if r["place"] in known]
    made = [Population(place_id=r["place"], group=r["group"], on=r["on"], count=int(r["count"])) for r in rows]
    for population, row in zip(made, rows, strict=True):
        population.source = row["source"][:300]
    Population.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["place", "group", "on"], update_fields=["count", "source"]
    )
    return len(rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""Questions about indices: the ladder of a period, a unit's history, what would raise it most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from hocvuso.units.models import Unit

from . import rules
from .models import IndexDefinition, IndexRun, IndexScore


def latest_indices() -> list[IndexDefinition]:
    """The latest year's version of every index."""
    latest: dict[str, IndexDefinition] = {}
    for index in IndexDefinition.objects.order_by("key", "-year"):
        latest.setdefault(index.key, index)
    return list(latest.values())


def ladder(run: IndexRun | None) -> QuerySet[IndexScore]:
    """Scores of one computing, best first; units without a total come last. None without a computing."""
    found = IndexScore.objects.filter(run=run).select_related("unit")
    return found.order_by(F("rank").asc(nulls_last=True), "unit__path")


def history(index: IndexDefinition, unit: Unit) -> list[IndexScore]:
    """A unit's current scores in all years and periods of an index, oldest first."""
    return list(
        IndexScore.objects.current()
        .filter(index__key=index.key, unit=unit)
        .select_related("index")
        .order_by("index__year", "period")
    )


def runs(index: IndexDefinition, period: str, kind: str) -> QuerySet[IndexRun]:
    """Every computing for a period and a kind of units, the current one first."""
    found = IndexRun.objects.filter(index=index, period=period, kind=kind).select_related("by")
    return found.order_by("-current", "-created_at")


@dataclass(frozen=True)
class Gain:
    """One criterion with the points still to be had there."""

    criterion: rules.Criterion
    points: float | None
    left: float
    best: float | None


def what_would_raise(score: IndexScore) -> list[Gain]:
    """Criteria by the points still to be had, with what the best unit of the same computing has there."""
    definition = rules.Definition.model_validate(score.index.definition)
    criteria = {c.code: c for c in definition.criteria}
    peers: list[dict[str, Any]] = list(IndexScore.objects.filter(run=score.run_id).values_list("parts", flat=True))
    found = []
    for code, left in rules.gains(definition, score.parts):
        had = [p[code]["points"] for p in peers if p.get(code, {}).get("points") is not None]
        found.append(Gain(criteria[code], score.parts.get(code, {}).get("points"), left, max(had, default=None)))
    return found

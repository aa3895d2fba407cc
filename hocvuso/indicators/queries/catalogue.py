"""Definitions and targets as pages ask for them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from hocvuso.units.models import Unit

from ..models import Indicator, Target
from .scopes import children_that_part, scopes_of_units


def current_indicators() -> QuerySet[Indicator]:
    """All indicators by their current definition, in the order in which they were first defined."""
    first = Indicator.objects.filter(key=OuterRef("key")).order_by("version").values("pk")[:1]
    return Indicator.objects.current().alias(first=Subquery(first)).order_by("first")


def indicator_of(key: str) -> Indicator | None:
    """The current definition of a key."""
    return Indicator.objects.current().filter(key=key).first()


def versions_of(key: str) -> QuerySet[Indicator]:
    """All versions of a definition, the latest first."""
    return Indicator.objects.filter(key=key).order_by("-version")


def targets_of(units: Collection[Unit], periods: Collection[str]) -> dict[tuple[str, UUID, str], Target]:
    """(indicator key, unit id, period code) → Target."""
    found = Target.objects.filter(unit__in=units, period__in=periods)
    return {(t.indicator, t.unit_id, t.period): t for t in found}


def units_beneath(indicator: Indicator, unit: Unit) -> list[Unit]:
    """The child units whose figures make up or stand under a unit's: of what is counted, those that do not overlap."""
    if indicator.kind == Indicator.Kind.DECLARED:
        return list(unit.children.order_by("path"))
    scope = scopes_of_units([unit])[unit.pk]
    return [child for child, _scope in children_that_part(unit, scope)]


def national_unit() -> Unit | None:
    """The ministry: its figures are those of the country."""
    return Unit.objects.filter(kind=Unit.Kind.MINISTRY, parent=None).order_by("path").first()

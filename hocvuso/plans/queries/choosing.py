"""Choosing many units at once: by kind, by province, by code."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from hocvuso.units.models import Unit, UnitQuerySet

from ..models import Plan

MOST_CODES = 5000


def sphere(unit: Unit) -> Unit:
    """Whom a unit may turn to: its subtree; a department of a ministry acts for the ministry."""
    if unit.kind == Unit.Kind.DEPARTMENT and unit.parent is not None:
        return unit.parent
    return unit


def given_to(plan: Plan) -> UnitQuerySet:
    """Units to which a plan may give tasks: its own and those beneath.

    The plan of a ministry's department that answers a task of the ministry, and so is approved there, gives them to
    whatever the ministry has: ministry → department → province → commune.
    """
    answers_above = plan.answers is not None and plan.answers.plan.unit_id == plan.unit.parent_id
    top = sphere(plan.unit) if answers_above else plan.unit
    above = [path for path in plan.unit.tree_path.ancestors if path != plan.unit.path]
    return Unit.objects.under(top).exclude(path__in=above)


def units_chosen(
    *, by_unit: Unit, kinds: Collection[str] = (), within: Unit | None = None, codes: str = ""
) -> tuple[list[Unit], list[str]]:
    """Units of some kinds in the sphere of `by_unit` (or only under `within`), and those named by code.

    Also returns the codes that name no open unit there.
    """
    there = Unit.objects.under(sphere(by_unit)).open(timezone.localdate()).exclude(pk=by_unit.pk)
    named = [code for code in re.split(r"[\s,;]+", codes.strip()) if code][:MOST_CODES]
    by_code = {u.code: u for u in there.filter(code__in=named)}
    of_kinds = there.filter(kind__in=list(kinds))
    if within is not None:
        of_kinds = of_kinds.under(within)
    chosen: dict[Any, Unit] = {u.pk: u for u in of_kinds} if kinds else {}
    chosen |= {u.pk: u for u in by_code.values()}
    return list(chosen.values()), [code for code in named if code not in by_code]


def provinces(by_unit: Unit) -> list[Unit]:
    """Provincial departments in the sphere of a unit, to narrow a choice."""
    return list(Unit.objects.under(sphere(by_unit)).filter(kind=Unit.Kind.PROVINCIAL_DEPARTMENT))


def kinds_there(by_unit: Unit) -> list[tuple[str, Any]]:
    """Kinds of units in the sphere of a unit: (value, label)."""
    there = set(Unit.objects.under(sphere(by_unit)).exclude(pk=by_unit.pk).order_by().values_list("kind", flat=True))
    return [(value, label) for value, label in Unit.Kind.choices if value in there]

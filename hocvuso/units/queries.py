"""Choosing units: many at once by kind, province and code; one by what people call it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.text import fold

from .models import Unit, UnitQuerySet

MOST_CODES = 5000
LONGEST_NAME = 400  # with the code before it; what is longer names no unit
MOST_ALIKE = 20


class NotAddressable(Refusal):
    """A unit, or a person of a unit, to which the acting unit may not turn."""

    code = "out-of-sphere"
    says = _("Không thuộc phạm vi của đơn vị ra quyết định.")


def addressing_unit(unit: Unit) -> Unit:
    """As whom a unit turns to others: a department of a ministry acts for the ministry."""
    if unit.kind == Unit.Kind.DEPARTMENT and unit.parent is not None:
        return unit.parent
    return unit


def addressable_units(unit: Unit) -> UnitQuerySet:
    """Whom a unit may turn to: all that stands beneath it, or beneath the ministry it acts for."""
    return Unit.objects.under(addressing_unit(unit))


def units_chosen(
    *, by_unit: Unit, kinds: Collection[str] = (), within: Unit | None = None, codes: str = ""
) -> tuple[list[Unit], list[str]]:
    """Units of some kinds addressable by `by_unit` (or only under `within`), and those named by code.

    Also returns the codes that name no open unit there.
    """
    there = addressable_units(by_unit).open(timezone.localdate()).exclude(pk=by_unit.pk)
    named = [code for code in re.split(r"[\s,;]+", codes.strip()) if code][:MOST_CODES]
    by_code = {u.code: u for u in there.filter(code__in=named)}
    of_kinds = there.filter(kind__in=list(kinds))
    if within is not None:
        of_kinds = of_kinds.under(within)
    chosen: dict[Any, Unit] = {u.pk: u for u in of_kinds} if kinds else {}
    chosen |= {u.pk: u for u in by_code.values()}
    return list(chosen.values()), [code for code in named if code not in by_code]


def provinces(by_unit: Unit) -> UnitQuerySet:
    """Provincial departments addressable by a unit, to narrow a choice."""
    return addressable_units(by_unit).filter(kind=Unit.Kind.PROVINCIAL_DEPARTMENT)


def kinds_there(by_unit: Unit) -> list[tuple[str, Any]]:
    """Kinds of units addressable by a unit: (value, label)."""
    there = set(addressable_units(by_unit).exclude(pk=by_unit.pk).order_by().values_list("kind", flat=True))
    return [(value, label) for value, label in Unit.Kind.choices if value in there]


def unit_named(text: str, among: UnitQuerySet) -> Unit | None:
    """The unit that somebody means by its code, its full name, or both as pages show them (`T-1 · Trường Một`)."""
    name = fold(text := text.strip())
    if not name or len(text) > LONGEST_NAME:
        return None
    if by_code := among.filter(code__iexact=text.partition(" · ")[0]).first():
        return by_code
    alike = [unit for unit in among.filter(search__startswith=name)[:MOST_ALIKE] if fold(unit.name) == name]
    return alike[0] if len(alike) == 1 else None


def unit_meant(text: str, among: UnitQuerySet) -> Unit | None:
    """The same, and by words of a name of which it is the highest bearer: “tây ninh” is its department."""
    if found := unit_named(text, among):
        return found
    if not fold(text) or len(text) > LONGEST_NAME:
        return None
    bearers = list(among.filter(holding(text)).order_by(Length("path"), "path")[:2])
    deep = [unit.path.count(".") for unit in bearers]
    return bearers[0] if len(bearers) == 1 or (bearers and deep[0] < deep[1]) else None

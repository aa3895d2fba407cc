"""Populations and targets in bulk: plan → preview → apply. All or nothing; a fault says row, column, value, reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base import journal
from hocvuso.base import periods as calendar
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.sheets import Fault, read_rows
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Indicator, Population, Target
from ..queries.populations import places_to_count
from ..rules import POPULATION_GROUPS
from .declaring import OutOfRange, check_range
from .defining import locked, set_from
from .importing import read_number

POPULATION_COLUMNS = {
    "place": ("place", "ma dia ban", "dia ban", "ma"),
    "group": ("group", "nhom"),
    "on": ("on", "tai ngay", "ngay"),
    "count": ("count", "so nguoi", "dan so"),
    "source": ("source", "nguon"),
}
TARGET_COLUMNS = {
    "indicator": ("indicator", "ma chi so", "chi so"),
    "unit": ("unit", "ma don vi", "don vi"),
    "period": ("period", "ky"),
    "value": ("value", "chi tieu", "gia tri", "muc"),
    "source": ("source", "nguon"),
}
MOST_PEOPLE = 200_000_000  # the country has some hundred million
MOST_TOLD = 5000  # changes that the journal keeps one by one

type Row = Population | Target
type Key = tuple[Any, ...]


@dataclass
class TablePlan:
    """What a table would do: rows that are new, rows that replace another number (kept as `before`), rows the same."""

    kind: type[Row]
    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Any]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Wrong(ValueError):
    """What is wrong with one cell."""

    def __init__(self, column: str, value: str, reason: Any) -> None:
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True)
class _Table:
    """How one kind of row is told apart, and what it says."""

    kind: type[Row]
    unique: tuple[str, ...]
    number: str
    more: tuple[str, ...] = ()  # written besides the number and its source

    def key(self, row: Row) -> Key:
        return tuple(str(getattr(row, name)) for name in self.unique)

    def said(self, row: Row) -> tuple[Any, str]:
        return getattr(row, self.number), row.source


_POPULATIONS = _Table(Population, ("place_id", "group", "on"), "count")
_TARGETS = _Table(Target, ("indicator", "unit_id", "period"), "value", ("set_at",))


def plan_populations(*, name: str, content: bytes, by: Any) -> TablePlan:
    """What a file of populations would do. `by` None is the operator. Raises NotAllowed."""
    places = set(places_to_count(by).values_list("code", flat=True))
    if not places:
        raise NotAllowed
    rows, faults = read_rows(name, content, POPULATION_COLUMNS, ("place", "on", "count", "source"))
    there = Population.objects.filter(place__in={row["place"] for _n, row in rows})
    return _planned(_POPULATIONS, rows, faults, there, lambda row: _population(row, places))


def plan_targets(*, name: str, content: bytes, by: Any) -> TablePlan:
    """What a file of targets would do. `by` None is the operator. Raises NotAllowed."""
    reach = Unit.objects.all() if by is None else units_in_reach(by, May.DEFINE)
    units = {unit.code: unit for unit in reach}
    if not units:
        raise NotAllowed
    indicators = {indicator.key: indicator for indicator in Indicator.objects.current()}
    rows, faults = read_rows(name, content, TARGET_COLUMNS, tuple(TARGET_COLUMNS))
    there = Target.objects.filter(indicator__in={row["indicator"] for _n, row in rows}).select_related("unit", "set_at")

    def make(row: dict[str, str]) -> Target:
        made = _target(row, indicators, units)
        made.set_at = set_from(by, made.unit)
        return made

    return _planned(_TARGETS, rows, faults, there, make, lambda row: locked(row, by))


def _planned(
    table: _Table,
    rows: Iterable[tuple[int, dict[str, str]]],
    faults: list[Fault],
    there: Iterable[Row],
    make: Callable[[dict[str, str]], Row],
    locked: Callable[[Any], Refusal | None] = lambda row: None,
) -> TablePlan:
    plan, known = TablePlan(table.kind, faults=faults), {table.key(row): row for row in there}
    lines: dict[Key, int] = {}
    for number, cells in rows:
        try:
            row = make(cells)
            if (earlier := lines.setdefault(table.key(row), number)) != number:
                raise _Wrong("", "", _("trùng với dòng %(row)s") % {"row": earlier})
        except _Wrong as wrong:
            plan.faults.append(Fault(number, wrong.column, wrong.value[:80], str(wrong.reason)))
            continue
        before = known.get(table.key(row))
        if before is None:
            plan.new.append(row)
        elif table.said(before) == table.said(row):
            plan.same += 1
        elif refusal := locked(before):
            plan.faults.append(Fault(number, refusal.field, cells[refusal.field], str(refusal)))
        else:
            plan.changed.append((row, table.said(before)[0]))
    return plan


@transaction.atomic
def apply_table(*, made: TablePlan, by: Any, source: str) -> int:
    """Carry a faultless plan out; the journal keeps what each number was before. Returns how many were written."""
    if made.faults:
        raise ValueError("a plan with faults is not applied")
    table = _POPULATIONS if made.kind is Population else _TARGETS
    rows = [*made.new, *(row for row, _before in made.changed)]
    manager: Any = made.kind._default_manager
    manager.bulk_create(
        rows,
        1000,
        update_conflicts=True,
        unique_fields=table.unique,
        update_fields=[table.number, "source", *table.more],
    )
    told = [[*table.key(row), before, getattr(row, table.number)] for row, before in made.changed[:MOST_TOLD]]
    act = "populations.imported" if made.kind is Population else "targets.imported"
    journal.write(act, made.kind._meta.label_lower, by=by, source=source, added=len(made.new), changed=told)
    return len(rows)


@transaction.atomic
def remove_population(*, population: Population, by: Any) -> None:
    """Take a count away; the journal keeps it. Raises NotAllowed."""
    if not places_to_count(by).filter(pk=population.place_id).exists():
        raise NotAllowed
    said = {"place": population.place_id, "group": population.group, "on": population.on.isoformat()}
    told = {"count": population.count, "source": population.source}
    journal.write("population.removed", "indicators.population", by=by, **said, **told)
    population.delete()


def _population(row: dict[str, str], places: set[str]) -> Population:
    if row["place"] not in places:
        raise _Wrong("place", row["place"], _("không có mã địa bàn này trong phạm vi của bạn; mã giữ số 0 ở đầu"))
    group = row.get("group") or "all"
    if group not in POPULATION_GROUPS:
        raise _Wrong("group", group, _("không có nhóm này; có: %(groups)s") % {"groups": ", ".join(POPULATION_GROUPS)})
    return Population(
        place_id=row["place"], group=group, on=_day(row["on"]), count=_people(row["count"]), source=_source(row)
    )


def _target(row: dict[str, str], indicators: Mapping[str, Indicator], units: Mapping[str, Unit]) -> Target:
    indicator, unit = indicators.get(row["indicator"]), units.get(row["unit"])
    if indicator is None:
        raise _Wrong("indicator", row["indicator"], _("không có chỉ số nào mang mã này"))
    if unit is None:
        raise _Wrong("unit", row["unit"], _("không có đơn vị này trong phạm vi của bạn"))
    try:
        period = calendar.parse(row["period"]).code
    except ValueError:
        raise _Wrong("period", row["period"], _("không phải một kỳ, như 2026, 2026-Q3, 2026-10")) from None
    value = read_number(row["value"], whole=indicator.decimals == 0)
    if value is None:
        raise _Wrong("value", row["value"], _("không phải số"))
    try:
        check_range(indicator, value)
    except OutOfRange as refusal:
        raise _Wrong("value", row["value"], refusal) from None
    return Target(indicator=indicator.key, unit=unit, period=period, value=value, source=_source(row))


def _day(text: str) -> date:
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            day = datetime.strptime(text, shape).date()
        except ValueError:
            continue
        if day > timezone.localdate():
            raise _Wrong("on", text, _("ngày này chưa đến"))
        return day
    raise _Wrong("on", text, _("không phải ngày, như 31/12/2025"))


def _people(text: str) -> int:
    """A count as people write it: 8717600, 8.717.600, 8,717,600."""
    head, *groups = text.replace(",", ".").split(".")
    parts = [head, *groups]
    if not all(part.isascii() and part.isdecimal() for part in parts) or any(len(part) != 3 for part in groups):
        raise _Wrong("count", text, _("không phải số người"))
    if not 0 < (people := int("".join(parts))) <= MOST_PEOPLE:
        raise _Wrong("count", text, _("nằm ngoài khoảng có thể"))
    return people


def _source(row: dict[str, str]) -> str:
    if not row["source"]:
        raise _Wrong("source", "", _("hãy ghi nguồn: văn bản, số, ngày"))
    return row["source"][:300]

"""Populations and targets in bulk: plan → preview → apply. All or nothing; a fault says row, column, value, reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base import days, journal, sheets
from hocvuso.base import periods as calendar
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.numbers import NotANumber
from hocvuso.base.sheets import Fault, read_rows
from hocvuso.base.text import same
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Indicator, Population, Target
from ..queries.populations import places_to_count
from ..rules import POPULATION_GROUPS
from .declaring import OutOfRange, check_value
from .defining import locked, set_from

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
LONGEST_SOURCE = 300  # characters, here as in the tables
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
    read = read_rows(name, content, POPULATION_COLUMNS, ("place", "on", "count", "source"))
    there = Population.objects.filter(place__in={row["place"] for _n, row in read.rows})
    return _planned(_POPULATIONS, read, there, lambda row: _population(row, places, read.language))


def plan_targets(*, name: str, content: bytes, by: Any) -> TablePlan:
    """What a file of targets would do. `by` None is the operator. Raises NotAllowed."""
    reach = Unit.objects.all() if by is None else units_in_reach(by, May.DEFINE)
    units = {same(unit.code): unit for unit in reach}
    if not units:
        raise NotAllowed
    indicators = {same(indicator.key): indicator for indicator in Indicator.objects.current()}
    read = read_rows(name, content, TARGET_COLUMNS, tuple(TARGET_COLUMNS))
    meant = {found.key for _n, row in read.rows if (found := indicators.get(same(row["indicator"])))}
    there = Target.objects.filter(indicator__in=meant).select_related("unit", "set_at")

    def make(row: dict[str, str]) -> Target:
        made = _target(row, indicators, units, read.language)
        made.set_at = set_from(by, made.unit)
        return made

    return _planned(_TARGETS, read, there, make, lambda row: locked(row, by))


def _planned(
    table: _Table,
    read: sheets.Rows,
    there: Iterable[Row],
    make: Callable[[dict[str, str]], Row],
    locked: Callable[[Any], Refusal | None] = lambda row: None,
) -> TablePlan:
    plan, known = TablePlan(table.kind, faults=read.faults), {table.key(row): row for row in there}
    lines: dict[Key, int] = {}
    for number, cells in read.rows:
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
    journal.write(act, made.kind, by=by, source=source, added=len(made.new), changed=told)
    return len(rows)


@transaction.atomic
def remove_population(*, population: Population, by: Any) -> None:
    """Take a count away; the journal keeps it. Raises NotAllowed."""
    if not places_to_count(by).filter(pk=population.place_id).exists():
        raise NotAllowed
    said = {"place": population.place_id, "group": population.group, "on": population.on.isoformat()}
    told = {"count": population.count, "source": population.source}
    journal.write("population.removed", Population, by=by, **said, **told)
    population.delete()


def _population(row: dict[str, str], places: set[str], language: str) -> Population:
    if row["place"] not in places:
        raise _Wrong("place", row["place"], _("không có mã địa bàn này trong phạm vi của bạn; mã giữ số 0 ở đầu"))
    group = row.get("group", "").lower() or "all"
    if group not in POPULATION_GROUPS:
        raise _Wrong("group", group, _("không có nhóm này; có: %(groups)s") % {"groups": ", ".join(POPULATION_GROUPS)})
    try:
        on = days.read(row["on"], latest=timezone.localdate())
    except days.NotADay as refusal:
        raise _Wrong("on", row["on"], refusal) from None
    return Population(
        place_id=row["place"], group=group, on=on, count=_people(row["count"], language), source=_source(row)
    )


def _target(
    row: dict[str, str], indicators: Mapping[str, Indicator], units: Mapping[str, Unit], language: str
) -> Target:
    indicator, unit = indicators.get(same(row["indicator"])), units.get(same(row["unit"]))
    if indicator is None:
        raise _Wrong("indicator", row["indicator"], _("không có chỉ số nào mang mã này"))
    if unit is None:
        raise _Wrong("unit", row["unit"], _("không có đơn vị này trong phạm vi của bạn"))
    try:
        period = calendar.read(row["period"]).code
    except ValueError:
        raise _Wrong("period", row["period"], _("không phải một kỳ, như 2026, 2026-Q3, 2026-10")) from None
    try:
        whole, percent = indicator.decimals == 0, indicator.is_share
        value = float(sheets.number(row["value"], language=language, whole=whole, percent=percent))
        check_value(indicator, value)
    except (NotANumber, OutOfRange) as refusal:
        raise _Wrong("value", row["value"], refusal) from None
    return Target(indicator=indicator.key, unit=unit, period=period, value=value, source=_source(row))


def _people(text: str, language: str) -> int:
    """A count of people as they write it: 8717600, 8.717.600."""
    try:
        people = int(sheets.number(text, language=language, whole=True))
    except NotANumber as refusal:
        raise _Wrong("count", text, refusal) from None
    if not 0 < people <= MOST_PEOPLE:
        raise _Wrong("count", text, _("nằm ngoài khoảng có thể"))
    return people


def _source(row: dict[str, str]) -> str:
    if not row["source"]:
        raise _Wrong("source", "", _("hãy ghi nguồn: văn bản, số, ngày"))
    if len(row["source"]) > LONGEST_SOURCE:
        raise _Wrong("source", row["source"], _("dài hơn %(most)s ký tự") % {"most": LONGEST_SOURCE})
    return row["source"]

"""The country that steering is measured on: learners, plans with their tasks, units that report values."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from math import isnan
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from hocvuso.base import periods
from hocvuso.demo import cases, learning, people
from hocvuso.indicators.models import Indicator, Value
from hocvuso.indicators.services import importing, rollup
from hocvuso.indices.models import IndexDefinition
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.records.models import Statement
from hocvuso.units.models import Unit
from hocvuso.units.rules import base36

from .steering import Size

BATCH = 2000
GIVEN = (Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE)


@dataclass(frozen=True)
class Country:
    """What the acts are done to."""

    leader: Person
    units: Any
    communes: list[Unit]
    free_task: Task
    index: IndexDefinition
    period: str

    @property
    def path_down(self) -> tuple[Unit, Unit, Unit]:
        """The ministry, a province and a commune in it."""
        commune = self.communes[0]
        return self.free_task.plan.unit, Unit.objects.get(children=commune), commune

    def rows(self) -> dict[str, int]:
        """How many rows the acts had before them."""
        counted = {"plans": Plan, "tasks": Task, "values": Value, "statements": Statement, "units": Unit}
        return {name: model._default_manager.count() for name, model in counted.items()}


def make(size: Size) -> Country:
    """All of it, in the present month."""
    rng, now = Random(7), timezone.now()
    ministry = Unit.objects.get(code="BGDDT")
    leader = Person.objects.create(name="Lãnh đạo")
    roles.grant(person=leader, role=Role.LEADER, unit=ministry, by=None)
    month = periods.containing(periods.PeriodType.MONTH, timezone.localdate(now))
    learners = people.make(rng, size.people, now)
    learning.make(rng, learners, now, cases.Planted(month))
    rollup.roll_up(full=True)
    given = Unit.objects.filter(kind__in=GIVEN).order_by("-kind", "path").values("pk")[: size.units]
    communes = list(Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE).order_by("path")[: size.communes])
    units = Unit.objects.filter(pk__in=list(given.values_list("pk", flat=True)))
    index = IndexDefinition.objects.filter(key="qd766").latest("year")
    _values_of_the_index(rng, index, communes, month.code)
    free_task = _plans(rng, size, ministry, list(units))
    _reporting_units(size, communes)
    return Country(leader, units, communes, free_task, index, month.code)


def _values_of_the_index(rng: Random, index: IndexDefinition, communes: list[Unit], month: str) -> None:
    full = {c["indicator"]: c["full"] for c in index.definition["criteria"]}
    now = timezone.now()
    Value.objects.bulk_create(
        (
            Value(indicator=i, unit=unit, period=month, value=rng.uniform(0, full[i.key]), at=now)
            for i in Indicator.objects.current().filter(key__in=full)
            for unit in communes
        ),
        batch_size=BATCH,
    )


def _plans(rng: Random, size: Size, ministry: Unit, units: list[Unit]) -> Task:
    """A plan of the ministry, its child plans with their tasks in every state; returns a task nobody was given yet."""
    today = timezone.localdate()
    top = Plan.objects.create(unit=ministry, title="Kế hoạch", state=Plan.State.IN_FORCE)
    above = Task.objects.bulk_create(
        Task(plan=top, position=n, title=f"Nhiệm vụ {n}", lead_unit=ministry)
        for n in range(size.child_plans // len(units) + 2)
    )
    plans = Plan.objects.bulk_create(
        (
            Plan(
                unit=units[n % len(units)], answers=above[n // len(units)], root=top, title=f"Kế hoạch {n}",
                state=Plan.State.IN_FORCE, starts_on=today, ends_on=today + timedelta(days=200),
            )
            for n in range(size.child_plans)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    rows = (_task(rng, plans[n % len(plans)], n) for n in range(size.tasks))
    Task.objects.bulk_create(rows, batch_size=BATCH)
    return above[-1]


def _task(rng: Random, plan: Plan, number: int) -> Task:
    today, fate = timezone.localdate(), rng.random()
    due = today + timedelta(days=rng.randint(-40, 90))
    done = min(today - timedelta(days=rng.randint(0, 60)), due + timedelta(days=6)) if fate < 0.4 else None
    return Task(
        plan=plan, position=number, title=f"Hướng dẫn dịch vụ công, đợt {number}", lead_unit_id=plan.unit_id,
        due_on=due, done_on=done, begun=fate < 0.75, produced=fate < 0.5,
    )  # fmt: skip


def _reporting_units(size: Size, communes: list[Unit]) -> None:
    """Schools beneath the communes, and the indicators that they report."""
    rows = []
    for n in range(size.reporting_units):
        above = communes[n % len(communes)]
        path = f"{above.path}zz{base36(n)}."
        rows.append(Unit(code=f"BENCH-{n}", name=f"Trường {n}", kind=Unit.Kind.SCHOOL, parent=above, path=path))
    Unit.objects.bulk_create(rows, batch_size=BATCH)
    Indicator.objects.bulk_create(
        Indicator(
            key=f"bench-{n}", title=f"Chỉ số {n}", kind=Indicator.Kind.DECLARED, minimum=0, maximum=100_000,
            definition={"aggregate": "none"},
        )
        for n in range(size.indicators)
    )  # fmt: skip


def value_count(size: Size) -> int:
    """How many values the file holds."""
    return size.reporting_units * size.indicators * size.periods


def write_values(file: Path, size: Size, *, units: int = 0, every: int = 0) -> int:
    """Values of all (or the first `units`) units as CSV; each `every`-th row is wrong. Returns how many are wrong."""
    wrong = 0
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["indicator", "unit", "period", "value"])
        for number, row in enumerate(_values(size, units or size.reporting_units), 1):
            if every and number % every == 0:
                row[number // every % 4] = "sai"
                wrong += 1
            writer.writerow(row)
    return wrong


def _values(size: Size, units: int) -> Iterator[list[str]]:
    rng = Random(11)
    first = periods.containing(periods.PeriodType.MONTH, timezone.localdate())
    months = [first]
    while len(months) < size.periods:
        months.append(months[-1].preceding())
    for month in months:
        for indicator in range(size.indicators):
            for unit in range(units):
                yield [f"bench-{indicator}", f"BENCH-{unit}", month.code, str(rng.randint(0, 99_999))]


def store_raw(plan: importing.ValuesPlan) -> None:
    """The rows of a plan into a twin of the table, by the driver alone: what storing them costs without asking."""
    table, now = Value._meta.db_table, timezone.now()
    columns = "indicator_id, period, unit_id, kind, value, note, at"
    stamp = connection.ops.adapt_datetimefield_value(now)
    rows = (
        (
            indicator,
            period,
            plan.units[n] if connection.vendor == "postgresql" else plan.units[n].hex,
            "d",
            v,
            "",
            stamp,
        )
        for (indicator, period), numbers in plan.numbers.items()
        for n, v in enumerate(numbers)
        if not isnan(v)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE twin AS SELECT {columns} FROM {table} WHERE 1 = 0")
        cursor.execute("CREATE UNIQUE INDEX twin_once ON twin (indicator_id, period, unit_id, kind)")
        while some := list(islice(rows, 10_000)):
            cursor.executemany(f"INSERT INTO twin ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s)", some)
        cursor.execute("DROP TABLE twin")

"""From records to cells: the queries that a measure's definition stands for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Expression,
    F,
    FloatField,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate

from ..rules import ZONE, Measure, age_band, area_of


class Combination(NamedTuple):
    """A day and a value of every dimension: what makes one cell."""

    day: date
    area: str
    unit_path: str
    audience: str
    sex: str
    age_band: str
    ethnicity: str


def dated(measure: Measure, rows: QuerySet | None = None) -> QuerySet:
    """The records of a measure (or those of them that `rows` are), each with its day (`cell_day`)."""
    rows = measure.rows() if rows is None else rows
    if has_time(rows.model, measure.at):
        return rows.annotate(cell_day=TruncDate(measure.at, tzinfo=ZONE))
    return rows.annotate(cell_day=F(measure.at))


def has_time(model: type[Model], path: str) -> bool:
    """Whether a field path ends at a moment, not at a day."""
    *steps, last = path.split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(path)
        model = related
    return isinstance(model._meta.get_field(last), DateTimeField)


def within_days(measure: Measure, first: date | None, last: date) -> Q:
    """Records dated from `first` (None: ever) to `last`, both inside, as a test on the column itself."""
    timed = has_time(measure.rows().model, measure.at)
    test = Q(**{f"{measure.at}__lt": midnight(last + timedelta(days=1)) if timed else last + timedelta(days=1)})
    if first is not None:
        test &= Q(**{f"{measure.at}__gte": midnight(first) if timed else first})
    return test


def midnight(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime.combine(day, time(), ZONE)


def counted(measure: Measure, first: date, last: date, rows: QuerySet | None = None) -> dict[Combination, float]:
    """One GROUP BY: what was counted on each day from `first` to `last` in each combination of dimensions.

    Of the measure's records, or of those that `rows` are. Raises ValueError for a sum that is no number, or for records
    that lie in the days and have none.
    """
    columns: dict[str, Any] = {f"cell_{name}": Value("") for name in ("audience", "sex", "ethnicity", "unit", "kind")}
    columns |= {f"cell_{name}": Value(None, CharField()) for name in ("place", "parent")}
    columns["cell_born"] = Value(None, IntegerField())
    if measure.person:
        names = ("audience", "sex", "ethnicity")
        columns |= {f"cell_{name}": Coalesce(F(measure.path(name)), Value("")) for name in names}
        columns["cell_born"] = F(measure.path("birth_year"))
    if measure.unit:
        columns["cell_unit"] = Coalesce(F(f"{measure.unit}__path"), Value(""))
    if path := measure.place_path:
        columns |= {
            "cell_place": F(f"{path}__code"),
            "cell_parent": F(f"{path}__parent_id"),
            "cell_kind": Coalesce(F(f"{path}__kind"), Value("")),
        }
    rows = dated(measure, rows).filter(within_days(measure, first, last)).annotate(**columns).order_by()
    found: dict[Combination, float] = defaultdict(float)
    for row in rows.values("cell_day", *columns).annotate(cell_value=_sum(measure)).iterator(2000):
        value = float(row["cell_value"])
        if row["cell_day"] is None or not isfinite(value):
            raise ValueError(f"day {row['cell_day']}, value {value}")
        found[_combination(row)] += value
    return found


def _combination(row: dict[str, Any]) -> Combination:
    """Bands of age are made here: for a database they would be a dozen comparisons of dates a row."""
    return Combination(
        day=row["cell_day"],
        area=area_of(row["cell_place"], row["cell_kind"], row["cell_parent"]),
        unit_path=row["cell_unit"],
        audience=row["cell_audience"],
        sex=row["cell_sex"],
        age_band=age_band(row["cell_born"], row["cell_day"]),
        ethnicity=row["cell_ethnicity"],
    )


def _sum(measure: Measure) -> Expression:
    return (
        Count("pk") if measure.weight is None else Coalesce(Sum(measure.weight), Value(0.0), output_field=FloatField())
    )

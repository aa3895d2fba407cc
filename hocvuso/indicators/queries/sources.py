"""From records to cells: the queries that a measure's definition stands for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear, TruncDate

from ..rules import AGE_BANDS, ZONE, Measure, area_of, band_label

DIMENSIONS = ("audience", "sex", "age_band", "ethnicity")


def dated(measure: Measure) -> QuerySet:
    """The records of a measure, each with its day (`cell_day`)."""
    rows = measure.rows()
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


def counted(measure: Measure, first: date, last: date) -> list[dict[str, Any]]:
    """One GROUP BY: what was counted on each day from `first` to `last` in each combination of dimensions."""
    columns: dict[str, Any] = {f"cell_{name}": Value("") for name in (*DIMENSIONS, "unit")}
    columns |= {f"cell_{name}": Value(None, CharField()) for name in ("place", "parent")}
    columns["cell_kind"] = Value("", CharField())
    if measure.person:
        columns |= _of_person(measure)
    if measure.unit:
        columns["cell_unit"] = Coalesce(F(f"{measure.unit}__path"), Value(""))
    if path := measure.place_path:
        columns |= {
            "cell_place": F(f"{path}__code"),
            "cell_parent": F(f"{path}__parent_id"),
            "cell_kind": Coalesce(F(f"{path}__kind"), Value("")),
        }
    # Annotations are made under names of their own first, so that they can never hide a field of the record.
    rows = dated(measure).filter(within_days(measure, first, last)).order_by()
    if measure.person:
        age = ExtractYear("cell_day") - F(measure.path("birth_year"))
        rows = rows.annotate(cell_age=ExpressionWrapper(age, output_field=IntegerField()))
    return list(rows.annotate(**columns).values("cell_day", *columns).annotate(cell_value=_sum(measure)))


def _sum(measure: Measure) -> Expression:
    return (
        Count("pk") if measure.weight is None else Coalesce(Sum(measure.weight), Value(0.0), output_field=FloatField())
    )


def _of_person(measure: Measure) -> dict[str, Any]:
    found = {f"cell_{name}": F(measure.path(name)) for name in ("audience", "sex", "ethnicity")}
    bands = [
        When(Q(cell_age__gte=low, cell_age__lte=high), then=Value(band_label(low, high))) for low, high in AGE_BANDS
    ]
    return {
        **{name: Coalesce(field, Value("")) for name, field in found.items()},
        "cell_age_band": Case(*bands, default=Value(""), output_field=CharField()),
    }


def area(row: dict[str, Any]) -> str:
    """The area of a counted row."""
    return area_of(row["cell_place"], row["cell_kind"], row["cell_parent"])

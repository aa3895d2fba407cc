"""The register of measures, and the arithmetic of counting: scopes, age bands, small cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Expression, QuerySet
from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # days and periods are those of Vietnam
LEAST_PEOPLE = 5  # counts of fewer people are shown only to those whose reach contains the unit (DOMAIN: Count)
POPULATION_GROUPS = {  # what a denominator may count; the ages of law 39/2009/QH12 (article 2) and of full age
    "all": _("mọi người"),
    "adults": _("người từ đủ 18 tuổi"),
    "elderly": _("người từ đủ 60 tuổi"),
    "pupils": _("học sinh"),
    "students": _("sinh viên"),
    "teachers": _("nhà giáo"),
    "officials": _("cán bộ, công chức, viên chức"),
    "workers": _("người lao động trong doanh nghiệp"),
    "households": _("hộ gia đình"),
}
AGE_BANDS = [(0, 5), (6, 10), (11, 14), (15, 17), (18, 24), (25, 34), (35, 44), (45, 59), (60, 200)]


class Counted(StrEnum):
    """What one record of a measure stands for. Counts of people are protected when they are small."""

    PEOPLE = "people"
    TIMES = "times"
    MINUTES = "minutes"
    DEVICES = "devices"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class Measure:
    """A named, versioned count of dated records. Change what is counted, and raise `version`: all is counted again.

    Each record counts on exactly one day (`at`), so a figure is a sum of days and parts always make the whole. Neither
    `at` nor whether a record is among `rows` may change once it is stored; where it must, another record says so.
    """

    name: str
    version: int
    title: Any
    measured_in: Counted
    kind: Literal["flow", "stock"]  # summed within a period, or up to its end
    rows: Callable[[], QuerySet]
    at: str  # field path of the day or moment of the record
    changed: str  # field path of the moment it was stored here; only rises
    person: str = ""  # field path of the person it is about, "self" when the record is a person
    unit: str = ""  # field path of the unit it belongs to
    place: str = ""  # field path of its place; empty: the person's home
    weight: str | Expression | None = None  # what is summed; None: rows are counted
    # What a record says, and word and key of the thing that shows it (`base.addresses`); an empty word: nothing does.
    record: Callable[[Any], tuple[str, str, Any]] = lambda row: (str(row), "", "")

    def path(self, field: str) -> str:
        """The path of a field of the person the record is about."""
        return field if self.person == "self" else f"{self.person}__{field}"

    @property
    def place_path(self) -> str:
        """The path of the record's place; empty when it has none."""
        return self.place or (self.path("home_place") if self.person else "")


REGISTER: dict[str, Measure] = {}


def register(measure: Measure) -> Measure:
    """Make a measure known. Raises ValueError when the name is taken."""
    if measure.name in REGISTER:
        raise ValueError(f"measure {measure.name} is registered twice")
    REGISTER[measure.name] = measure
    return measure


def counts_of_units(
    name: str,
    title: Any,
    rows: Callable[[], QuerySet],
    *,
    at: str,
    record: Callable[[Any], tuple[str, str, Any]],
    unit: str = "unit",
    place: str = "",
) -> Measure:
    """Register a count of what units do: each record on its day, at its unit and place (else the unit's)."""
    return register(
        Measure(
            name=name,
            version=1,
            title=title,
            measured_in=Counted.TIMES,
            kind="flow",
            rows=rows,
            at=at,
            changed="created_at",
            unit=unit,
            place=place or f"{unit}__place",
            record=record,
        )
    )


def band_label(low: int, high: int) -> str:
    """How an age band is written: `18-24`, `60+`."""
    return f"{low}+" if high >= 200 else f"{low}-{high}"


def age_band(birth_year: int | None, on: date) -> str:
    """The band of the age reached in the year of `on`; empty when unknown."""
    if birth_year is None:
        return ""
    age = on.year - birth_year
    return next((band_label(low, high) for low, high in AGE_BANDS if low <= age <= high), "")


def area_of(code: str | None, kind: str, parent: str | None) -> str:
    """The path of a place: `01` for a province, `01.00004` for a commune, empty for the country or none."""
    if not code or kind == "country":
        return ""
    return f"{parent}.{code}" if kind == "commune" and parent else code


def scopes_of(area: str, unit_path: str) -> list[str]:
    """All scopes that a cell counts in: the country, its province, its commune, its unit and the units above."""
    parts = area.split(".") if area else []
    scopes = ["a", *("a" + ".".join(parts[: n + 1]) for n in range(len(parts)))]
    steps = unit_path.split(".")[:-1]
    return scopes + ["u" + ".".join(steps[: n + 1]) + "." for n in range(len(steps))]


def is_small(value: float | None) -> bool:
    """Whether a count of people is so small that it may point at somebody."""
    return value is not None and 0 < value < LEAST_PEOPLE


def withheld_parts(values: Sequence[float]) -> set[int]:
    """Which parts of a shown whole to withhold: small ones, and when that is only one, the next smallest as well.

    Otherwise whole minus the other parts would tell the one that is withheld.
    """
    small = {n for n, value in enumerate(values) if is_small(value)}
    if len(small) == 1:
        others = sorted((value, n) for n, value in enumerate(values) if n not in small)
        filled = [n for value, n in others if value > 0] or [n for _value, n in others]
        small |= set(filled[:1])
    return small


def cyclic(definitions: dict[str, dict[str, Any]]) -> str | None:
    """A key whose definition leads back to itself; None when there is none."""
    done: set[str] = set()

    def walk(key: str, above: tuple[str, ...]) -> str | None:
        if key in above:
            return key
        if key in done or key not in definitions:
            return None
        found = next((f for k in needs(definitions[key]) if (f := walk(k, (*above, key)))), None)
        done.add(key)
        return found

    return next((found for key in definitions if (found := walk(key, ()))), None)


def needs(definition: dict[str, Any]) -> list[str]:
    """Keys of the indicators that a definition is computed from."""
    named = [definition[name] for name in ("numerator", "denominator") if definition.get(name)]
    return named + [key for _weight, key in definition.get("terms", [])]

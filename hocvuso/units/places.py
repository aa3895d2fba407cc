"""Places from a list in the form of `data/places.csv`: every fault is named by row, column, value and reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hocvuso.base import days, numbers
from hocvuso.base.errors import Refusal
from hocvuso.base.sheets import Fault, read_rows
from hocvuso.base.text import fold

from .models import Place

BATCH = 1000
COLUMNS = {
    name: (name, name)
    for name in (
        *("code", "name", "name_en", "kind", "type", "parent", "valid_from", "valid_to", "successors"),
        *("latitude", "longitude", "special_difficulty", "source"),
    )
}
NEEDED = ("code", "name", "kind", "type", "parent")
LONGEST = {name: getattr(Place._meta.get_field(name), "max_length", 0) for name in ("code", "name", "name_en", "type")}
SOURCE = 200  # characters that are kept of where a place is known from
_ORDER = [Place.Kind.COUNTRY.value, Place.Kind.PROVINCE.value, Place.Kind.COMMUNE.value]
MOST_DEGREES = {"latitude": 90, "longitude": 180}
_YES_NO = {"": None, "1": True, "0": False}
type Row = dict[str, str]


@dataclass
class PlacesPlan:
    """The places of a list, with the codes of their successors; what is wrong."""

    places: list[Place] = field(default_factory=list)
    successors: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def plan_places(name: str, content: bytes) -> PlacesPlan:
    """What a list of places would do; nothing is stored."""
    read = read_rows(name, content, COLUMNS, NEEDED)
    made = PlacesPlan(faults=read.faults)
    known = set(Place.objects.values_list("code", flat=True)) | {row["code"] for _number, row in read.rows}
    lines: dict[str, int] = {}
    for number, row in read.rows:
        row = {column: row.get(column, "") for column in COLUMNS}
        found = list(_faults(number, row, known))
        if (earlier := lines.setdefault(row["code"], number)) != number:
            found.append(Fault(number, "code", row["code"], _("trùng với dòng %(row)s") % {"row": earlier}))
        made.faults += found
        if not found:
            made.places.append(_place(row))
            made.successors[row["code"]] = row["successors"].split()
    return made


@transaction.atomic
def apply_places(made: PlacesPlan) -> int:
    """Store a plan without faults; the number of places."""
    if made.faults:
        raise ValueError("a plan with faults is not applied")
    fields = [f.name for f in Place._meta.concrete_fields if f.name != "code"]
    for kind in _ORDER:
        Place.objects.bulk_create(
            [place for place in made.places if place.kind == kind],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=fields,
        )
    known = Place.objects.in_bulk()
    for code, successors in made.successors.items():
        if successors:
            known[code].successors.set(known[successor] for successor in successors)
    return len(made.places)


def _faults(number: int, row: Row, known: set[str]) -> Iterator[Fault]:
    yield from _wrong_texts(number, row)
    for code in filter(None, [row["parent"], *row["successors"].split()]):
        if code not in known:
            yield Fault(number, "parent", code, _("không có mã địa bàn này"))
    yield from _wrong_cells(number, row)


def _wrong_texts(number: int, row: Row) -> Iterator[Fault]:
    for column in ("code", "name", "kind", "type"):
        if not row[column]:
            yield Fault(number, column, "", _("để trống"))
    for column, longest in LONGEST.items():
        if len(row[column]) > longest:
            yield Fault(number, column, row[column][:80], _("dài hơn %(most)s ký tự") % {"most": longest})
    if row["kind"] and row["kind"] not in _ORDER:
        said = _("không có loại này; có: %(kinds)s") % {"kinds": ", ".join(_ORDER)}
        yield Fault(number, "kind", row["kind"], said)
    if row["special_difficulty"] not in _YES_NO:
        yield Fault(number, "special_difficulty", row["special_difficulty"], _("ghi 1, 0 hoặc để trống"))


def _wrong_cells(number: int, row: Row) -> Iterator[Fault]:
    for column in ("valid_from", "valid_to", "latitude", "longitude"):
        try:
            _day(row[column]) if column.startswith("valid") else _degrees(row[column], MOST_DEGREES[column])
        except Refusal as refusal:
            yield Fault(number, column, row[column], str(refusal))
            return
    first, last = _day(row["valid_from"]), _day(row["valid_to"])
    if first and last and last <= first:
        yield Fault(number, "valid_to", row["valid_to"], _("phải sau ngày bắt đầu"))


def _day(text: str) -> date | None:
    return days.read(text) if text else None


def _degrees(text: str, most: int) -> float | None:
    return float(numbers.read(text, language=numbers.PLAIN, least=-most, most=most)) if text else None


def _place(row: Row) -> Place:
    return Place(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        kind=row["kind"],
        type=row["type"],
        parent_id=row["parent"] or None,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        latitude=_degrees(row["latitude"], MOST_DEGREES["latitude"]),
        longitude=_degrees(row["longitude"], MOST_DEGREES["longitude"]),
        special_difficulty=_YES_NO[row["special_difficulty"]],
        source=row["source"][:SOURCE],
        search=f"{fold(row['name'])} {row['code']}",
    )

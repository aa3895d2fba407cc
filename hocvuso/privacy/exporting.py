"""The download of one's own data, made from the register: every row that is a person's or that names them.

The rooms above are read by the names that the register gives, so that a table that is new there appears here by itself.
What is of others in such a row is masked; what is not shown has its reason in the register.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import batched
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Field, Model, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _t

from hocvuso.base.secrets import decrypt
from hocvuso.base.sheets import safe
from hocvuso.people.models import Person, RoleGrant

from . import keeping
from .register import REGISTER, STAFF
from .rules import Processing

ME, OTHER, HIDDEN = "(bạn)", "(người khác)", "(của người khác)"
NATURAL = ("address", "code", "key")  # by which things that are not people are named, where they have it
FORMAT = "hocvuso-own-data/2"
CHUNK = 500
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CannotShow(Exception):
    """The register names a field that the download neither shows nor says why it does not."""


@dataclass(frozen=True)
class Table:
    """One noun in one line of the register, as far as it is a person's."""

    line: Processing
    label: str
    model: type[Model]
    names: tuple[str, ...]

    @property
    def word(self) -> str:
        """What the noun is called wherever it is stored."""
        return str(self.model.word)  # type: ignore[attr-defined]

    def of(self, name: str) -> str:
        """`room.Model.field`, as the register writes it."""
        return f"{self.label}.{name}"


def tables(register: Sequence[Processing] = REGISTER) -> list[Table]:
    """Every table of the register with its shown fields. Raises CannotShow when one can neither be found nor shown."""
    found = []
    for line in register:
        for label, names in line.fields.items():
            if label in line.withheld:
                continue
            shown = tuple(name for name in names.split() if f"{label}.{name}" not in line.withheld)
            table = Table(line, label, apps.get_model(label), shown)
            _check(table)
            found.append(table)
    return found


def _check(table: Table) -> None:
    if not (_paths(table) or table.label in table.line.whose):
        raise CannotShow(f"{table.label}: whose is a row? Say it in `whose`, or in `withheld` why it is not shown.")
    for name in table.names:
        if "sealed" in name and table.of(name) not in table.line.opened:
            raise CannotShow(f"{table.of(name)}: sealed. Say what for in `opened`, or in `withheld` why not.")


def _field(table: Table, name: str) -> Field[Any, Any]:
    return table.model._meta.get_field(name)  # type: ignore[return-value]


def _leads_to_person(field: Field[Any, Any]) -> bool:
    return bool(field.is_relation and field.related_model is Person)


def _paths(table: Table) -> list[Field[Any, Any]]:
    """Registered fields that lead to a person: by key, through many-to-many, or by an id as text."""
    fields = [_field(table, name) for name in table.line.fields[table.label].split()]
    return [f for f in fields if _leads_to_person(f) or f.name == "changed_by"]


def rows_of(table: Table, person: Person, lookups: Iterable[str], *, is_staff: bool) -> QuerySet[Any]:
    """The rows that are the person's, or name them.

    Each field is asked about by itself, so that its index finds the rows. Of whoever was never staff, acts of staff
    (`STAFF`) are looked for by indexes only: reading a country's figures through finds nothing of a learner.
    """
    paths = [field for field in _paths(table) if is_staff or table.line.people is not STAFF or _is_indexed(field)]
    tests = [_test(table, field, person) for field in paths]
    for written in table.line.whose.get(table.label, "").split():
        path, _is, value = written.partition("=")
        if path.endswith("__icontains") and not is_staff:
            continue
        if value == "{lookup}":
            tests.append(Q(**{f"{path}__in": list(lookups)}))
        else:
            tests.append(Q(**{path: value.format(id=person.pk)}))
    rows = table.model._base_manager.order_by("pk")
    if not tests:
        return rows.none()
    first, *more = (table.model._base_manager.filter(test).order_by().values("pk") for test in tests)
    return rows.filter(pk__in=first.union(*more, all=True)) if more else rows.filter(tests[0])


def _is_indexed(field: Any) -> bool:
    return bool(field.is_relation and (field.many_to_many or field.db_index))


def was_staff(person: Person) -> bool:
    """Whether somebody ever held a role; grants end, and are kept."""
    return RoleGrant.objects.filter(person=person).exists()


def _test(table: Table, field: Any, person: Person) -> Q:
    if not field.many_to_many:
        return Q(**{field.name: str(person.pk)})
    through = field.remote_field.through._base_manager.filter(**{field.m2m_reverse_field_name(): person.pk})
    return Q(pk__in=through.values(f"{field.m2m_field_name()}_id"))


def _lookups(person: Person) -> set[str]:
    return set(person.identifiers.values_list("lookup", flat=True))


def counts(person: Person) -> list[tuple[Processing, int]]:
    """How many rows each line of the register holds of a person. Three queries, whatever the number of tables."""
    lookups, found = _lookups(person), [table for table in tables() if not _says_nothing(table, person)]
    is_staff = was_staff(person)
    each = [
        rows_of(table, person, lookups, is_staff=is_staff).order_by().values(table=Value(n)).annotate(rows=Count("pk"))
        for n, table in enumerate(found)
    ]
    by_table = {row["table"]: row["rows"] for row in each[0].union(*each[1:], all=True)}
    totals: dict[str, int] = {}
    for n, table in enumerate(found):
        totals[table.line.key] = totals.get(table.line.key, 0) + by_table.get(n, 0)
    return [(line, totals[line.key]) for line in REGISTER if totals.get(line.key)]


def _says_nothing(table: Table, person: Person) -> bool:
    """Whether it is a part of the account in which the person has filled in nothing."""
    return table.model is Person and not any(getattr(person, name) for name in table.names)


def export(person: Person, register: Sequence[Processing] = REGISTER) -> dict[str, Any]:
    """All that the house holds of a person, line by line of the register."""
    lookups, is_staff = _lookups(person), was_staff(person)
    lines = {line.key: _told(line) for line in register}
    for table in tables(register):
        lines[table.line.key]["tables"][table.word] = list(_rows(table, person, lookups, is_staff=is_staff))
    return {"format": FORMAT, "made_at": timezone.now(), "person": person.pk, "processings": list(lines.values())}


def _told(line: Processing) -> dict[str, Any]:
    return {
        "key": line.key,
        "title": str(line.title),
        "purpose": str(line.purpose),
        "ground": str(line.ground.label),
        "receivers": str(line.receivers),
        "kept": [keeping.of(key).sentence for key in line.kept],
        "tables": {},
        "withheld": {name: str(why) for name, why in line.withheld.items()},
    }


def _rows(table: Table, person: Person, lookups: set[str], *, is_staff: bool) -> Iterator[dict[str, Any]]:
    columns = {name: path for name in table.names if (path := _column(table, name))}
    asked = {"pk", *columns.values(), *_conditions(table)}
    rows = rows_of(table, person, lookups, is_staff=is_staff).values(*asked)
    for chunk in batched(rows.iterator(CHUNK), CHUNK):
        many = _many(table, person, [row["pk"] for row in chunk])
        made = [_row(table, columns, row, person, lookups) | many.get(row["pk"], {}) for row in chunk]
        yield from _masked(made, person)


def _column(table: Table, name: str) -> str:
    """The path under which a field is read; empty for many-to-many, which has a query of its own."""
    field: Any = _field(table, name)
    if not field.is_relation:
        return name
    if field.many_to_many:
        return ""
    there = {f.name for f in field.related_model._meta.concrete_fields}
    natural = next((key for key in NATURAL if key in there), "")
    return field.attname if _leads_to_person(field) or not natural else f"{name}__{natural}"


def _conditions(table: Table) -> set[str]:
    named = {**table.line.belongs, **table.line.after}
    return {path for name, path in named.items() if name.rpartition(".")[0] == table.label}


def _row(table: Table, columns: dict[str, str], row: dict[str, Any], person: Person, lookups: set[str]) -> Any:
    """One row: sealed values opened, what belongs to others masked. Always says which row it is."""
    line, made = table.line, {"row": f"{table.word}:{row['pk']}"}
    for name, path in columns.items():
        full, value = table.of(name), row[path]
        if full in line.belongs and not _is_mine(row[line.belongs[full]], person, lookups):
            value = HIDDEN if value not in ("", None) else value
        elif full in line.after and not row[line.after[full]]:
            value = None
        elif full in line.opened and value:
            value = decrypt(value, purpose=line.opened[full])
        elif _leads_to_person(_field(table, name)) and value:
            value = ME if value == person.pk else OTHER
        made[name] = value
    return made


def _is_mine(value: Any, person: Person, lookups: set[str]) -> bool:
    return value == person.pk or value in lookups


def _many(table: Table, person: Person, keys: list[Any]) -> dict[Any, dict[str, Any]]:
    """Many-to-many fields of the rows: oneself, and how many others."""
    found: dict[Any, dict[str, Any]] = {}
    for name in table.names:
        field: Any = _field(table, name)
        if field.many_to_many:
            through = field.remote_field.through._base_manager
            here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
            for key, other in through.filter(**{f"{here}__in": keys}).values_list(here, there):
                found.setdefault(key, {}).setdefault(name, []).append(ME if other == person.pk else OTHER)
    return found


def _masked(rows: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
    """The rows without the ids of other people, wherever in a text or in JSON they stand."""
    text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False)
    named = {UUID(found) for found in _UUID.findall(text)} - {person.pk}
    others: set[str] = set()
    for some in batched(named, CHUNK):
        others |= {str(pk) for pk in Person.objects.filter(pk__in=some).values_list("pk", flat=True)}
    if not others:
        return rows
    return json.loads(_UUID.sub(lambda hit: OTHER if hit[0] in others else hit[0], text))


def as_json(person: Person) -> bytes:
    """The download as one JSON text."""
    return json.dumps(export(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def as_zip(person: Person) -> bytes:
    """The download for people: a ZIP with one table a file, which spreadsheets open, and a text that explains them."""
    told, file = export(person), BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("doc-truoc.txt", "\ufeff" + _explained(told))
        for line in told["processings"]:
            for word, rows in line["tables"].items():
                if rows:
                    archive.writestr(f"{line['key']}/{word}.csv", _csv(rows))
    return file.getvalue()


def _explained(told: dict[str, Any]) -> str:
    lines = [_t("Dữ liệu của bạn. Mỗi thư mục là một mục dưới đây, mỗi tệp là một bảng."), ""]
    for line in told["processings"]:
        n = sum(len(rows) for rows in line["tables"].values())
        lines += [f"{line['key']}/ — {line['title']}: {n}", f"  {line['purpose']}", f"  {' '.join(line['kept'])}"]
        not_here = _t("Không có ở đây: %(what)s (%(why)s)")
        lines += [f"  {not_here % {'what': what, 'why': why}}" for what, why in line["withheld"].items()]
    return "\r\n".join([*lines, ""])


def _csv(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([safe(_cell(row.get(name))) for name in names] for row in rows)
    return "\ufeff" + text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if isinstance(value, dict | list) else value

"""Every address of the site, filled from the world, whatever it is: an address that comes later is filled too.

What a parameter means is asked of the page itself. It is given a value that nothing has; the query in which the value
is looked for names the table and the column, and a row of the world gives a value that something has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# Numbers that the smallest column can hold: what it cannot hold PostgreSQL is never asked for.
STRANGE = {"uuid": "5ec0de00-0000-4000-8000-0000000000{:02}", "int": "309{:02}", "": "khong-co-{:02}"}


@dataclass
class Address:
    """An address; `values` of something that is there, `absent` of nothing. `why` it could not be filled."""

    route: str
    name: str
    gate: str
    values: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    table: str = ""
    why: str = ""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return PARAMETER.findall(self.route)

    def filled(self, values: dict[str, str]) -> str:
        return "/" + PARAMETER.sub(lambda found: values.get(found[2], found[0]), self.route)

    @property
    def path(self) -> str:
        return self.filled(self.values)

    @property
    def path_of_nothing(self) -> str:
        return self.filled(self.absent)


def addresses() -> list[Address]:
    """All of them, not filled yet; operations of the API that share one are one."""
    found: dict[str, Address] = {}
    for route, name, pattern in _routes():
        found.setdefault(route, Address(route, name, getattr(pattern.callback, "gate", "")))
    return list(found.values())


def _routes(resolver: Any = None, above: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = above + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield route, space + (pattern.name or ""), pattern


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


class _Undo(Exception):
    pass


def fill_all(found: list[Address], askers: dict[str, list[Client]], given: dict[str, dict[str, str]]) -> None:
    """Fill all; what no page tells means the same as in the address that it continues."""
    for address in found:
        fill(address, askers["api" if address.route.startswith("api/") else "pages"], given)
    for address in found:
        for shorter in (one for one in found if one.values and address.why and address.route.startswith(one.route)):
            address.values = shorter.values | address.values
            address.absent |= {name: value for name, value in shorter.absent.items() if name not in address.values}
        if set(address.values) >= {name for _kind, name in address.parameters}:
            address.why = ""


def fill(address: Address, askers: list[Client], given: dict[str, dict[str, str]]) -> None:
    """Find out what the parameters mean. `askers` may open anything of the kind; `given` says what no page tells."""
    absent = {name: _strange(kind, n) for n, (kind, name) in enumerate(address.parameters)}
    address.absent, address.values = absent, dict(given.get(address.name, {}))
    for _turn in address.parameters:
        left = [name for _kind, name in address.parameters if name not in address.values]
        if not left:
            return
        found = _row_of(address, absent | address.values, left, askers)
        if not found:
            break
        address.values |= found
    if missing := {name for _kind, name in address.parameters} - set(address.values):
        address.why = address.why or (
            f"no page tells what {missing} of {address.route} means: say it in GIVEN (test_neighbours.py)"
        )


def _strange(kind: str, n: int) -> str:
    return STRANGE.get({"uuidstr": "uuid"}.get(kind, kind), STRANGE[""]).format(n)


def _row_of(address: Address, values: dict[str, str], left: list[str], askers: list[Client]) -> dict[str, str]:
    """Values for some of what is left, from a row that is there."""
    tries = [values]
    if not any(kind for kind, _name in address.parameters):  # of the API, which says the type elsewhere
        tries.append({n: _strange("uuid", i) if n in left else v for i, (n, v) in enumerate(values.items())})
        tries.append({n: _strange("int", i) if n in left else v for i, (n, v) in enumerate(values.items())})
    for strange in tries:
        for client in askers:
            for method in ("get", "post", "delete"):
                with undone(), CaptureQueriesContext(connection) as asked:
                    getattr(client, method)(address.filled(strange))
                looked_for = {name: _looked_for(strange[name], asked) for name in left}
                if found := _taken(address, {name: at for name, at in looked_for.items() if at}):
                    address.absent |= {name: strange[name] for name in found}
                    return found
    return {}


def _looked_for(value: str, asked: Any) -> tuple[str, str] | None:
    """The table and column in which a value was looked for."""
    plain = value.replace("-", "")
    pattern = re.compile(rf'"(\w+)"\."(\w+)" (?:=|IN) \(?\'?(?:{value}|{plain})\b')
    return next((match.groups() for query in asked.captured_queries if (match := pattern.search(query["sql"]))), None)


def _taken(address: Address, looked_for: dict[str, tuple[str, str]]) -> dict[str, str]:
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in dict.fromkeys(table for table, _column in looked_for.values()):
        model = tables.get(table)
        if model is None or table == "django_session":
            continue
        address.table = table
        columns = {name: column for name, (where, column) in looked_for.items() if where == table}
        row = _best(model)
        if row is None:
            address.why = (
                f"{address.route} shows a {model._meta.label}, and there is none: make one in tests/security/world.py"
            )
            return {}
        return {name: str(_value(row, column)) for name, column in columns.items()}
    return {}


def _best(model: type[models.Model]) -> Any:
    """The row that is furthest along, which is the one that says most."""
    from .world import PREFERRED

    rows = model._base_manager.all()
    return rows.filter(**PREFERRED.get(model._meta.label, {})).first() or rows.first()


def _value(row: Any, column: str) -> Any:
    name = next(f.attname for f in row._meta.concrete_fields if f.column == column)
    return getattr(row, name)

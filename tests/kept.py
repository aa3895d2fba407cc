"""Worlds of tests are built once a process with the real verbs; each test after that gets the same rows put back."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

Counts = dict[str, int]
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Kept:
    """What building left: how many rows were there before and after, the tables that it changed, the finished pages."""

    before: Counts
    after: Counts
    rows: Rows
    told: bytes
    site: Path

    def put_back(self) -> Any:
        """The same rows, pages and things as after building."""
        with transaction.atomic(), connection.cursor() as cursor:  # keys are checked at its end
            for table, rows in self.rows.items():
                name = connection.ops.quote_name(table)
                cursor.execute(f"DELETE FROM {name}")
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        shutil.copytree(self.site, settings.SITE, dirs_exist_ok=True)
        return pickle.loads(self.told)  # noqa: S301  our own


@dataclass
class Shelf:
    """The worlds that this process built, each by its name and those that stood before it."""

    folder: Path
    empty: Counts
    kept: dict[tuple[str, ...], Kept] = field(default_factory=dict)

    def world(self, standing: list[str], name: str, build: Callable[[], Any]) -> Any:
        """What `build` makes. Where the database holds more than the worlds `standing`, it is built anew."""
        before = _counts()
        last = self.kept.get(tuple(standing))
        if before != (last.after if last else self.empty):
            return build()
        standing.append(name)
        key = tuple(standing)
        if key not in self.kept:
            was = _rows(before)
            built = build()
            self.kept[key] = self._keep(key, before, was, built)
            return built
        return self.kept[key].put_back()

    def _keep(self, key: tuple[str, ...], before: Counts, was: Rows, built: Any) -> Kept:
        after = _counts()
        rows = {table: found for table, found in _rows(after).items() if repr(found) != repr(was.get(table))}
        site = self.folder / "-".join(key)
        site.mkdir()
        if settings.SITE.exists():
            shutil.copytree(settings.SITE, site, dirs_exist_ok=True)
        return Kept(before, after, rows, pickle.dumps(built), site)


def _counts() -> Counts:
    """Rows of each table that has any."""
    names = connection.introspection.django_table_names()
    each = [f"SELECT {n}, COUNT(*) FROM {connection.ops.quote_name(name)}" for n, name in enumerate(names)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {names[n]: count for n, count in cursor.fetchall() if count}


def _rows(counts: Counts) -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in counts:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def empty_shelf(folder: Path) -> Shelf:
    """A shelf, and what a database holds that no test wrote into."""
    return Shelf(folder, _counts())

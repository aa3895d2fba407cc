"""An empty database gets its tables at once, and they are those that the migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from .installation import Installation

AT_ONCE = "from hocvuso.ops.setting_up import make_tables; make_tables()"
ONE_BY_ONE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
BROKEN_OFF = f"""
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
from hocvuso.people.models import Person
real = Editor.create_model
Editor.create_model = lambda self, model: os._exit(9) if model is Person else real(self, model)
{AT_ONCE}
"""


@pytest.fixture
def made(tmp_path):
    """The shape of the database that some code makes: tables with their columns and keys, indices, migrations done."""

    def make(name, *codes):
        site = Installation(tmp_path / name)
        site.folder.mkdir()
        for code in codes:
            assert site.python(code).wait() == (9 if code == BROKEN_OFF else 0)
        with closing(sqlite3.connect(site.folder / "hocvuso.sqlite3")) as database:
            return shape(database)

    return make


def shape(database):
    found = {f"{kind} {name}": sql for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master")}
    for name in [key.partition(" ")[2] for key in found if key.startswith("table ")]:
        columns = database.execute(f'PRAGMA table_info("{name}")')
        keys = database.execute(f'PRAGMA foreign_key_list("{name}")')
        checks = found[f"table {name}"].count(" CHECK ")
        # A column that a later migration added stands at another place.
        found[f"table {name}"] = ({row[1:] for row in columns}, {row[2:] for row in keys}, checks)
    return found, set(database.execute("SELECT app, name FROM django_migrations"))


def test_they_are_those_of_the_migrations(made):
    at_once, one_by_one = made("a", AT_ONCE), made("b", ONE_BY_ONE)
    assert len(at_once[0]) > 300 and at_once == one_by_one


def test_broken_off_nothing_is_there_and_the_next_try_makes_them(made):
    assert made("c", BROKEN_OFF, AT_ONCE) == made("d", AT_ONCE)

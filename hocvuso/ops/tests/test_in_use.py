"""Who has the data alone has them alone to the end, whatever else the process does with the file meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from .installation import Installation

HOLD = """
import sqlite3, sys
from contextlib import closing, suppress
from django.db import connection
from hocvuso.ops import in_use
file = connection.settings_dict["NAME"]
try:
    with in_use.alone(moving={moving}):
        if {moving}:
            open(file, "rb").close()  # by which POSIX gives up this process's locks
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM t")
                cursor.fetchall()
                cursor.execute("INSERT INTO t VALUES (1)")
        with closing(sqlite3.connect(file, timeout=0)) as own, suppress(sqlite3.OperationalError):
            own.execute("SELECT count(*) FROM t").fetchall()
        print("held", flush=True)
        sys.stdin.readline()
    print("over", flush=True)
    sys.stdin.readline()
except in_use.InUse as error:
    print(error, flush=True)
"""
WRITE = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=0)
base.execute("INSERT INTO t VALUES (2)")
base.commit()
"""


@pytest.fixture
def site(tmp_path):
    with closing(sqlite3.connect(tmp_path / "hocvuso.sqlite3")) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE t (a)")
        base.commit()
    return Installation(tmp_path)


def writing(site):
    """What another process hears that writes, which was started in another way than by our commands."""
    command = [sys.executable, "-c", WRITE, site.folder / "hocvuso.sqlite3"]
    return subprocess.run(command, capture_output=True, text=True).stderr.strip().splitlines()[-1:]


@pytest.mark.parametrize("moving", [True, False])
def test_nobody_else_writes_until_it_is_over(site, moving):
    holder = site.python(HOLD.format(moving=moving), stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n"
    assert writing(site) == ["sqlite3.OperationalError: database is locked"]
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "over\n"
    assert writing(site) == []
    holder.communicate("\n")


@pytest.mark.parametrize("moving", [True, False])
def test_while_another_process_has_it_open_it_is_refused(site, moving):
    with closing(sqlite3.connect(site.folder / "hocvuso.sqlite3")) as other:
        other.execute("SELECT count(*) FROM t").fetchall()
        said = site.python(HOLD.format(moving=moving), stdin=subprocess.PIPE).communicate("\n")[0]
    assert said == f"Another process has {site.folder / 'hocvuso.sqlite3'} open.\n"

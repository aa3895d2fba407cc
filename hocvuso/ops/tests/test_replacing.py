"""A restore that is broken off at any of its moves is finished or taken back whole: real files, a real end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from hocvuso.base import master
from hocvuso.ops import replacing, restoring

OLD = {
    "hocvuso.sqlite3": "old", "hocvuso.sqlite3-wal": "old wal", "bundles/a/x": "old", "bundles/b": "old",
    "files/ab/1": "old", "secret.key": "old key",
}  # fmt: skip
NEW = {"hocvuso.sqlite3": "new", "bundles/a/x": "new", "files/cd/2": "new", "secret.key": "new key"}
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="tables are no files: see test_restoring")
MOVES = 8  # the old database and its WAL, the two folders, the key; and what comes, less the WAL


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    lay(tmp_path, OLD)
    lay(tmp_path / ".restore-x", NEW)
    return tmp_path


def lay(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def lying(folder):
    """What a site finds there."""
    names = ("hocvuso.sqlite3*", "secret.key", "bundles/**/*", "files/**/*")
    found = [p for pattern in names for p in folder.glob(pattern) if p.is_file()]
    return {str(p.relative_to(folder)): p.read_text() for p in found}


def broken_off(work, *, after):
    """`work` in a process that ends at once after so many moves, as by a failing supply of power."""
    if child := os.fork():
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        return
    try:
        real, made = os.rename, 0

        def rename(source, target):
            nonlocal made
            if made == after:
                os._exit(9)
            made += 1
            real(source, target)

        os.rename = rename
        work()
    finally:
        os._exit(9)


def test_nothing_is_under_way_when_all_went_well(data):
    aside = replacing.put_in_place(data / ".restore-x")
    assert lying(data) == NEW and lying(aside) == OLD
    assert master.broken_off() == "" and not (data / ".restore-x").exists()


@pytest.mark.parametrize("after", range(MOVES + 1))
def test_broken_off_it_is_said_and_finished(data, after):
    broken_off(lambda: replacing.put_in_place(data / ".restore-x"), after=after)
    if after < MOVES + 1 and not master.broken_off():
        assert after > MOVES and lying(data) == NEW
        return
    assert "hocvuso restore --finish" in master.broken_off() and "--back" in master.fault()
    aside = replacing.finish(replacing.under_way())
    assert lying(data) == NEW and lying(aside) == OLD and master.broken_off() == ""


@pytest.mark.parametrize("after", range(MOVES + 1))
@pytest.mark.parametrize("again", [0, 2])
def test_broken_off_it_is_taken_back_also_when_that_breaks_off(data, after, again):
    broken_off(lambda: replacing.put_in_place(data / ".restore-x"), after=after)
    broken_off(lambda: replacing.take_back(replacing.under_way()), after=min(again, after))
    if begun := replacing.under_way():
        replacing.take_back(begun)
    assert lying(data) == OLD and master.broken_off() == ""
    assert not list(data.glob("before-restore-*")) and not (data / ".restore-x").exists()


def test_while_one_is_under_way_no_other_begins(data, capsys):
    broken_off(lambda: replacing.put_in_place(data / ".restore-x"), after=3)
    before = lying(data)
    assert restoring.restore(Path("none"), force=True) == 1
    said = capsys.readouterr().out
    assert "A restore was broken off" in said and "Nothing was changed" in said
    assert lying(data) == before and (data / ".restore-x").exists()


def test_when_the_way_back_fails_too_it_stays_said(data, monkeypatch, capsys):
    def fail(source, _target):
        raise OSError(5, "Input/output error", str(source))

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(OSError, match="Input/output error"):
        replacing.put_in_place(data / ".restore-x")
    assert lying(data) == OLD and master.broken_off() == ""

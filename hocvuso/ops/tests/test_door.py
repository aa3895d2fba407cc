"""Nobody's page waits behind somebody else's fault: slow and large bodies, a held database, workers that end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, nullcontext, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from hocvuso.base import processes
from hocvuso.bench.faults import hand_of
from hocvuso.bench.site import fresh_site, tree
from hocvuso.ops import serving
from hocvuso.web.kit import door, downloads
from tests.security.addresses import addresses

LONGEST_WAIT = 2.0  # seconds that a page may wait behind a fault of somebody else
EXPORT = "/dieu-hanh/ke-hoach/nhiem-vu/tai.xlsx"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def site():
    with fresh_site(postgresql=False) as site, site.served():
        yield site


@pytest.fixture(scope="module")
def officer(site):
    """The cookies of somebody who may export."""
    with hand_of(site) as hand:
        [cookies] = hand("world", learners=0, officers=1)["officers"]
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def get(site, path, cookies=""):
    """Status, and the seconds it took."""
    began = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        line.request("GET", path, headers={"Cookie": cookies})
        answer = line.getresponse()
        answer.read()
    return answer.status, time.monotonic() - began


def begun(site, *head, body=b""):
    """A request that is under way: its head, and the first bytes of its body."""
    line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    said = "\r\n".join(["POST /tai-khoan/dang-nhap/ HTTP/1.1", f"Host: 127.0.0.1:{site.port}", *head])
    line.sendall(f"{said}\r\n\r\n".encode() + body)
    return line


def status_of(line):
    with closing(line), line.makefile("rb") as answer:
        return int(answer.readline().split()[1])


def assert_pages_come(site):
    """At the second try at the latest: a busy machine makes one page slow, a fault makes all wait."""
    for path in ("/healthz", "/", "/tai-khoan/dang-nhap/", "/tim/?q=a"):
        tries = [get(site, path)]
        if tries[0][1] >= LONGEST_WAIT:
            tries.append(get(site, path))
        assert tries[-1][0] == 200 and tries[-1][1] < LONGEST_WAIT, path


class TestBodies:
    def test_senders_of_a_byte_a_second_are_ended_and_nobody_waits_for_them(self, site):
        lines = [begun(site, "Content-Length: 1000", f"Content-Type: {FORM}") for _ in range(60)]
        began = time.monotonic()
        for _second in range(int(door.GRACE) + 1):
            over = time.monotonic() > began + door.GRACE  # on a slow machine, whose seconds are long
            for line in lines:
                with suppress(OSError) if over else nullcontext():
                    line.sendall(b"a")
            assert_pages_come(site)
            time.sleep(0.8)
        assert {status_of(line) for line in lines} == {408}

    @pytest.mark.parametrize("head", ["Content-Length: 600000000", "Transfer-Encoding: chunked"])
    def test_what_is_too_large_for_a_stranger_is_refused_before_it_is_kept(self, site, head):
        with closing(begun(site, head, f"Content-Type: {FORM}")) as line:
            try:
                for _part in range(100):
                    line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except OSError:
                pass  # it was told to stop
            told = line.recv(1000)
        assert b" 413 " in told and "quá lớn".encode() in told
        assert not list((site.folder / "tmp").glob("*"))

    @pytest.mark.parametrize("said", ["-1", "1e3", "9" * 30, "٣", "0" * 18 + "400000000"])
    def test_a_length_that_is_none_or_too_much_is_refused(self, site, said):
        assert status_of(begun(site, f"Content-Length: {said}")) in (400, 413)

    def test_a_body_that_was_cut_is_not_worked_on(self, site):
        token = "t" * 32
        head = ("Content-Length: 90", f"Content-Type: {FORM}", f"Cookie: csrftoken={token}")
        with closing(begun(site, *head, body=f"csrfmiddlewaretoken={token}&address=0912345678".encode())) as line:
            line.shutdown(socket.SHUT_WR)
            assert b" 302 " not in line.recv(100)
        assert "0912345678" not in site.console.read_text("utf-8")


def test_pages_that_read_files_are_known_by_their_names():
    assert {page.name for page in addresses()} >= door.CHECKS | door.FILES


@pytest.mark.parametrize(
    ("method", "path", "query", "line"),
    [
        ("GET", "/tim/", "q=a", "read"),
        ("POST", "/ghi/", "", "records"),
        ("POST", "/kiem-tra/ky-nang-so/bat-dau/", "", "write"),
        ("POST", "/xac-minh/", "", "checks"),
        ("POST", "/api/v1/values", "", "files"),
        ("POST", "/dieu-hanh/kiem-tra/5ec0de00-0000-4000-8000-000000000001/phieu/", "", "files"),
        ("GET", "/dieu-hanh/ke-hoach/nhiem-vu/tai.xlsx", "", "download"),
        ("DELETE", "/api/v1/hooks/1", "", "write"),
        ("GET", "/dieu-hanh/", "tai=xlsx", "download"),
        ("GET", "/dieu-hanh/don-doc/tai/", "tep=csv", "download"),
        ("GET", "/dieu-hanh/chi-so/", "", "read"),
        ("GET", "/tai-khoan/du-lieu/tai/", "", "read"),
        ("GET", "/tai-khoan/dang-nhap/", "", "read"),
        ("POST", "/tai-khoan/dang-nhap/", "", "account"),
        ("GET", "/tai-khoan/dang-nhap/ngoai/ve/", "code=1", "account"),
        ("GET", "/readyz", "", "watch"),
        ("GET", "/metrics", "", "watch"),
    ],
)
def test_who_may_wait_for_something_outside_waits_in_a_line_of_its_own(method, path, query, line):
    assert door.line_of({"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}) == line


def test_a_large_body_waits_behind_other_large_ones():
    said = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/dieu-hanh/kiem-tra/luot/5ec0de00-0000-4000-8000-000000000001/anh/",
        "CONTENT_LENGTH": str(50_000_000),
    }
    assert door.line_of(said) == "large"


def test_a_name_with_an_underscore_does_not_pass_for_one_with_a_hyphen():
    class Scope:
        method, path, query_string, http_version, scheme = "GET", "/tìm/", "q=1", "1.1", "http"
        client, authority = "[::1]:4000", None
        headers = {"x_forwarded_for": "8.8.8.8", "x-forwarded-for": "9.9.9.9", "cookie": "a=1"}

    environ = door.environ_of(Scope)
    assert environ["HTTP_X_FORWARDED_FOR"] == "9.9.9.9" and environ["REMOTE_ADDR"] == "::1"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/tìm/"


def ask_for_code(site, number):
    """What the form of signing in sends: it counts the try, which is a write."""
    token = "t" * 32
    body = f"csrfmiddlewaretoken={token}&address=0912{number:06}"
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=40)) as line:
        head = {"Content-Type": FORM, "Cookie": f"csrftoken={token}"}
        line.request("POST", "/tai-khoan/dang-nhap/", body, head)
        return line.getresponse().status


def test_who_writes_behind_a_held_database_holds_up_no_reader(site):
    with closing(sqlite3.connect(site.folder / "hocvuso.sqlite3", isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(40) as writers:
            waiting = [writers.submit(ask_for_code, site, number) for number in range(40)]
            while not all(one.done() for one in waiting):
                assert_pages_come(site)
                time.sleep(1)
            assert {one.result() for one in waiting} == {503}  # in words, to be sent again
            held.execute("ROLLBACK")
    assert ask_for_code(site, 0) == 302


class TestDownloads:
    def processes(self, site):
        workers = tree(site.server.pid)
        return [pid for pid in workers if os.getpriority(os.PRIO_PROCESS, pid) == processes.NICE]

    def test_strangers_have_no_part_in_it(self, site):
        assert get(site, "/tim/?q=a&tai=xlsx")[0] == 200 and get(site, "/dieu-hanh/ke-hoach/tai.xlsx")[0] == 302
        assert self.processes(site) == []

    def test_an_export_is_written_in_a_process_of_its_own_which_ends_with_its_worker(self, site, officer):
        assert get(site, EXPORT, officer)[0] == 200
        [process] = self.processes(site)
        worker = next(pid for pid in tree(site.server.pid)[1:] if process in tree(pid)[1:])
        os.kill(worker, signal.SIGKILL)
        time.sleep(0.3)
        state = Path(f"/proc/{process}/stat")
        assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"

    def test_an_export_whose_process_ends_is_told_and_the_next_one_is_written(self, site, officer):
        assert get(site, EXPORT, officer)[0] == 200
        with ThreadPoolExecutor(1) as somebody:
            for process in self.processes(site):
                os.kill(process, signal.SIGSTOP)  # so that it is in the middle of the next one
            asked = [somebody.submit(get, site, EXPORT, officer) for _time in range(4)]
            time.sleep(0.5)
            for process in self.processes(site):
                os.kill(process, signal.SIGKILL)
            assert {one.result()[0] for one in asked} <= {200, 503}
        assert get(site, EXPORT, officer)[0] == 200
        assert not list((site.folder / "tmp").glob("*"))


class TestTurns:
    """Exports beside one worker: in turn, so many each, and the time of one is not that of the next."""

    @pytest.fixture
    def turns(self, tmp_path, monkeypatch):
        made = downloads.Downloads(tmp_path)
        self.writing = []

        async def written(environ, file):
            self.writing.append(environ["PATH_INFO"])
            await asyncio.sleep(0.02)
            Path(file).write_bytes(b"table")
            return "200 OK", []

        monkeypatch.setattr(made, "_written", written)
        return made

    def ask(self, turns, *names):
        async def all_of_them():
            with ExitStack() as files:
                asked = [turns.answer(who, {"PATH_INFO": path}, files) for who, path in names]
                return await asyncio.gather(*asked, return_exceptions=True)

        return asyncio.run(all_of_them())

    def test_one_after_another_and_nothing_is_left(self, turns, tmp_path):
        answers = self.ask(turns, ("lan", "/a"), ("minh", "/b"))
        assert [status for status, _head, _body in answers] == ["200 OK", "200 OK"]
        assert self.writing == ["/a", "/b"] and not list(tmp_path.iterdir()) and not turns.waiting

    def test_so_many_each(self, turns):
        answers = self.ask(turns, *[("lan", f"/{n}") for n in range(5)], ("minh", "/b"))
        refused = [type(answer) is downloads.Failed for answer in answers]
        assert refused == [False, False, True, True, True, False]


def test_metrics_are_those_of_all_workers_together(site):
    for _time in range(40):
        get(site, "/gioi-thieu/?n=1")
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        line.request("GET", "/metrics")
        told = line.getresponse().read().decode()
    counted = 'hocvuso_requests_total{method="GET",route="/gioi-thieu/",status="200"} '
    assert float(told.split(counted)[1].split()[0]) == 40


def test_a_worker_that_ends_again_and_again_does_not_end_the_site(site):
    stays = tree(site.server.pid)[1]
    ended = []
    while len(ended) < 4:
        for worker in set(tree(site.server.pid)[1:]) - {stays, *ended}:
            os.kill(worker, signal.SIGKILL)
            ended.append(worker)
            time.sleep(0.3)  # whom that worker was answering is cut off; nobody else
        assert_pages_come(site)
        assert site.server.poll() is None


def test_a_worker_that_stands_still_for_good_is_replaced(site):
    frozen = tree(site.server.pid)[1]
    os.kill(frozen, signal.SIGSTOP)
    end = time.monotonic() + serving.MOST_SILENT * door.BEAT + 10
    while frozen in tree(site.server.pid):
        assert time.monotonic() < end
        time.sleep(0.5)
    for _round in range(10):
        assert get(site, "/healthz")[0] == get(site, "/tim/?q=a")[0] == 200

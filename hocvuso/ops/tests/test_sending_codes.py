"""Codes leave a served site beside the request: at once, sealed until they are out, and the page says how it went."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from .installation import Installation

ADDRESS, CODE = "/tai-khoan/dang-nhap/", "/tai-khoan/dang-nhap/ma/"


class Gateway(ThreadingHTTPServer):
    """An SMS gateway of this machine: takes messages, refuses them, or holds them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.does, self.got = "take", []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def messages(self, to, seconds=5.0):
        """What was sent to a number, once something was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := [text for number, text in self.got if number == to]:
                return found
            time.sleep(0.02)
        return []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.does == "hang":
            time.sleep(30)
        if self.server.does == "take":
            self.server.got.append((body["to"], body["text"]))
        self.send_response(200 if self.server.does == "take" else 503)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture(scope="module")
def gateway():
    return Gateway()


@pytest.fixture(scope="module")
def site(gateway, tmp_path_factory):
    """A served site: its address, its database."""
    folder = tmp_path_factory.mktemp("codes")
    address = f"http://127.0.0.1:{gateway.server_port}/"
    installation = Installation(folder, {"HOCVUSO_SMS_URL": address, "HOCVUSO_SMS_TOKEN": "x"}).set_up()
    with installation.served() as address:
        requests.get(f"{address}/tim/")
        yield address, folder / "hocvuso.sqlite3"


def rows(site, select):
    with closing(sqlite3.connect(site[1])) as database:
        return database.execute(select).fetchall()


class Browser(requests.Session):
    def __init__(self, site):
        super().__init__()
        self.at = site[0]

    def ask(self, number):
        """Ask for a code; the seconds it took."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(self.at + ADDRESS).text)[1]
        began = time.monotonic()
        sent = {"address": number, "csrfmiddlewaretoken": token}
        answer = self.post(self.at + ADDRESS, sent, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return time.monotonic() - began

    def state(self):
        return self.get(self.at + CODE + "trang-thai.json").json()

    def enter(self, code):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(self.at + CODE).text)[1]
        sent = {"code": code, "csrfmiddlewaretoken": token}
        return self.post(self.at + CODE, sent, allow_redirects=False)


@pytest.fixture(autouse=True)
def _well(gateway):
    gateway.does = "take"


def until(what, seconds=5.0):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_code_arrives_within_a_second_and_opens(site, gateway):
    browser = Browser(site)
    browser.ask("0912 000 001")
    began = time.monotonic()
    [text] = gateway.messages("+84912000001")
    assert time.monotonic() - began < 1.0
    until(lambda: browser.state()["state"] == "sent")
    assert "đã gửi tới 0912 000 001" in browser.get(site[0] + CODE).text
    assert browser.enter(re.search(r"\d{6}", text)[0]).status_code == 302


def test_it_is_sealed_until_it_is_out_and_gone_after(site, gateway):
    gateway.does = "hang"
    browser = Browser(site)
    browser.ask("0912 000 002")
    [(sealed,)] = rows(site, "select letter_sealed from people_onetimecode order by created_at desc limit 1")
    assert len(sealed) > 30 and not re.search(r"\d{6}", sealed)
    gateway.does = "take"
    Browser(site).ask("0912 000 003")
    assert gateway.messages("+84912000003")  # who hangs holds up nobody
    until(lambda: rows(site, "select 1 from people_onetimecode where letter_sealed = ''"))
    everything = b"".join(path.read_bytes() for path in site[1].parent.glob("hocvuso.sqlite3*"))
    for text in gateway.messages("+84912000003"):
        assert f" {re.search(r'\d{6}', text)[0]} ".encode() not in everything
        assert text.encode() not in everything


def test_a_gateway_that_hangs_is_awaited_by_nobody(site, gateway):
    gateway.does = "hang"
    browsers = [Browser(site) for _n in range(12)]
    waits = [browser.ask(f"0913 000 0{n:02}") for n, browser in enumerate(browsers)]
    assert max(waits) < 1.0
    told = browsers[0].state()
    assert told["state"] == "sending" and "Đang gửi" in told["says"]
    began = time.monotonic()
    assert requests.get(site[0] + ADDRESS).status_code == 200 and time.monotonic() - began < 1.0
    until(lambda: browsers[0].state()["state"] == "delayed", 14)
    assert "khoá truy cập" in browsers[0].state()["says"]


def test_a_gateway_that_refuses_is_told_and_tried_again(site, gateway):
    gateway.does = "refuse"
    browser = Browser(site)
    browser.ask("0914 000 001")
    until(lambda: browser.state()["state"] == "delayed")
    assert "Chưa gửi được mã" in browser.get(site[0] + CODE).text
    gateway.does = "take"
    with closing(sqlite3.connect(site[1], timeout=20)) as database:  # a minute later
        database.execute(
            "update base_outboxmessage set next_at = '2026-01-01 00:00:00' where tries > 0 and state = 'queued'"
        )
        database.execute("delete from base_outboxreceiver")
        database.commit()
    browser.state()
    assert gateway.messages("+84914000001")
    until(lambda: browser.state()["state"] == "sent")


def test_what_is_too_old_is_not_sent(site, gateway):
    gateway.does = "refuse"
    browser = Browser(site)
    browser.ask("0914 000 002")
    until(lambda: browser.state()["state"] == "delayed")
    gateway.does = "take"
    with closing(sqlite3.connect(site[1], timeout=20)) as database:  # eleven minutes later
        database.execute("update people_onetimecode set expires_at = '2026-01-01 00:00:00'")
        database.execute(
            "update base_outboxmessage set next_at = '2026-01-01 00:00:00' where tries > 0 and state = 'queued'"
        )
        database.execute("delete from base_outboxreceiver")
        database.commit()
    assert browser.state()["state"] == "too-old"
    other = Browser(site)
    other.ask("0914 000 003")
    assert gateway.messages("+84914000003") and not gateway.messages("+84914000002", 1.5)


def test_a_class_of_forty_signs_in_within_a_minute_over_the_gateway(site, gateway):
    browsers = [Browser(site) for _pupil in range(40)]
    began = time.monotonic()
    for pupil, browser in enumerate(browsers):
        browser.ask(f"0915 000 0{pupil:02}")
    for pupil, browser in enumerate(browsers):
        [text] = gateway.messages(f"+849150000{pupil:02}")
        assert browser.enter(re.search(r"\d{6}", text)[0]).status_code == 302
    assert time.monotonic() - began < 60

"""The line between a phone and the site: a proxy that passes everything on, or answers by itself as proxies do."""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
PEOPLE = """
import json, sys
from django.test import Client
from hocvuso.people.models import Person
from hocvuso.web.kit.auth import device_key
from tests.world import agreeing, sign_in
told = []
for name in {names!r}:
    person, client = agreeing(Person.objects.create(name=name)), Client()
    sign_in(client, person)
    told.append({{"pk": person.pk.hex, "key": device_key(person), "session": client.cookies["hv_session"].value}})
print(json.dumps(told))
"""


class Line(ThreadingHTTPServer):
    """Listens on a port of its own. Of beginnings of addresses: `faults`, each with the status that is answered there;
    `slow`, each with the seconds that it takes.
    """

    daemon_threads = True

    def __init__(self, site: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.site, self.faults, self.slow = site, {}, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def behind_a_line(site: Any) -> Iterator[Line]:
    """A small site that serves, known by the address of its line."""
    site.settings["HOCVUSO_BASE_URL"] = f"http://127.0.0.1:{site.port}"
    site.start()
    made = Line(site)
    yield made
    made.shutdown()
    made.server_close()
    site.kill()


class _Passing(BaseHTTPRequestHandler):
    server: Line

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(
            max((seconds for start, seconds in self.server.slow.items() if self.path.startswith(start)), default=0)
        )
        for start, status in self.server.faults.items():
            if self.path.startswith(start):
                return self._answer(status, [("Content-Type", "text/html")], b"<h1>nginx</h1>")
        there = http.client.HTTPConnection("127.0.0.1", self.server.site.port, timeout=20)
        try:
            there.request(self.command, self.path, body, dict(self.headers.items()))
            answer = there.getresponse()
            return self._answer(answer.status, answer.getheaders(), answer.read())
        except OSError:  # the site is down
            return self._answer(502, [("Content-Type", "text/html")], b"<h1>nginx</h1>")
        finally:
            there.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        try:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the phone has hung up

    do_GET = do_POST = do_HEAD = _pass

    def log_message(self, *_words: object) -> None:
        pass


def people_of(site: Any, *names: str) -> list[dict[str, str]]:
    """New people with a session each: their key, and the cookies of their phone."""
    return json.loads(site.python(PEOPLE.format(names=names)))


def signs_in(page: Any, line: Line, person: dict[str, str] | None) -> None:
    """Whoever had this phone leaves; the other is signed in, or nobody is."""
    page.context.clear_cookies()
    if person:
        cookies = {"hv_session": person["session"], "hv_in": person["key"], "csrftoken": "a" * 32}
        page.context.add_cookies([{"name": n, "value": v, "url": line.url} for n, v in cookies.items()])


def statements_of(site: Any, person: dict[str, str]) -> list[tuple[str, str]]:
    """What the site holds of a person: verb and object of each, read from its file."""
    with closing(sqlite3.connect(f"file:{site.folder}/hocvuso.sqlite3?mode=ro", uri=True)) as db:
        return db.execute("select verb, object from records_statement where person_id = ?", [person["pk"]]).fetchall()

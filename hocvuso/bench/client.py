"""The load: raw HTTP over connections that stay open, so that the client costs less than the server it measures."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class WrongAnswer(RuntimeError):
    """The server answered something else than what is measured."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the wire."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        found = re.findall(rf"\r\n{name}: *([^\r]*)", self.head.decode("latin-1"), re.IGNORECASE)
        return [str(value) for value in found]


class Connection:
    """One connection that stays open. `source`: the loopback address it comes from."""

    def __init__(self, port: int, source: str = "127.0.0.1", timeout: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def send(self, request: bytes) -> None:
        """Send one request; `receive` reads its answer."""
        self.socket.sendall(request)

    def receive(self) -> Answer:
        """The next answer, whole."""
        read = self.rest
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._more()
        head = read[:end]
        length = _LENGTH.search(head)
        body_end = end + 4 + (int(length.group(1)) if length else 0)
        while len(read) < body_end:
            read += self._more()
        self.rest = read[body_end:]
        return Answer(head, read[end + 4 : body_end])

    def _more(self) -> bytes:
        got = self.socket.recv(262144)
        if not got:
            raise WrongAnswer("the server closed the connection")
        return got

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


class Visitor:
    """A browser as the server sees it: one connection, cookies, forms with their token."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.connection = Connection(port, source)
        self.cookies: dict[str, str] = {}

    def close(self) -> None:
        """Leave."""
        self.connection.close()

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
        """A request with this visitor's cookies, as bytes."""
        return request_of(method, path, self.cookies, body, kind)

    def ask(self, request: bytes, status: int) -> Answer:
        """Send a request, keep the cookies of its answer. Raises WrongAnswer for another status."""
        self.connection.send(request)
        answer = self.connection.receive()
        if answer.status != status:
            raise WrongAnswer(f"{request.split(b' HTTP')[0].decode()}: {answer.status} instead of {status}")
        for line in answer.header("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask(self.request("GET", path), 200)

    def submit(self, path: str, **fields: str) -> str:
        """Send a form that leads on; the path it leads to."""
        form = urlencode(fields).encode()
        answer = self.ask(self.request("POST", path, form, "application/x-www-form-urlencoded"), 302)
        return urlsplit(answer.header("Location")[0]).path


def request_of(method: str, path: str, known: dict[str, str], body: bytes = b"", kind: str = "") -> bytes:
    """A request as bytes. `known`: the cookies of a browser, or a program's headers (`Authorization` among them)."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: br", "User-Agent: hocvuso-bench"]
    if "Authorization" in known:
        lines += [f"{name}: {value}" for name, value in known.items()]
    elif known:
        lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in known.items()))
    if method == "POST":
        lines.append(f"X-CSRFToken: {known.get('csrftoken', '')}")
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def flood(port: int, request: bytes, *, count: int, connections: int = 16) -> float:
    """Send the same request `count` times over several connections at once; the seconds it took."""
    open_ones = [Connection(port) for _ in range(connections)]
    try:
        began = time.perf_counter()
        for left in range(count, 0, -connections):
            busy = open_ones[:left]
            for connection in busy:
                connection.send(request)
            for connection in busy:
                if connection.receive().status != 200:
                    raise WrongAnswer(f"{request.split(b' HTTP')[0].decode()}: not 200")
        return time.perf_counter() - began
    finally:
        for connection in open_ones:
            connection.close()

"""The door: takes each request whole, within limits of size and time, before one of the few threads works on it.

What is finished (pages, bundles, static files) is answered here at once. What Django must answer waits in one of some
lines with threads of their own, so that nobody's page waits behind another's fault: whoever writes behind a held
database, whoever loads down behind a long export, whoever signs in behind a slow gateway or identity provider, and
machines that watch behind nobody.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.urls import Resolver404, resolve, reverse
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from hocvuso.base import unavailable
from hocvuso.base.sqlite.turns import go_ahead

from .client import asker_in
from .downloads import Downloads, Failed, is_export
from .front import Front, safety_headers

CHUNK = 64 * 1024
IN_MEMORY = 512 * 1024  # of an answer, and CHUNK of a body; more waits in a file
FREE_TO_SEND = 2 * 1024 * 1024 + CHUNK  # bytes of a body from anybody; more only from whom `most` lets
IDLE = 15.0  # seconds without a byte from a sender, or without a byte taken by a reader
GRACE = 20.0  # seconds that a body may take however small it is, and
SLOWEST = 8 * 1024  # bytes a second that it must come with beyond that
MOST_SENDING = 300  # bodies on their way from one address, which a whole school may share
MOST_WAITING = 400  # requests of one line; more are told to come again
LEAST_FREE = 200 * 1024 * 1024  # bytes on the disk that a body in a file leaves
# Threads of each line; exports have a process of their own. Who taps in a lesson waits neither behind a class that sits
# down to a test nor behind a table of figures; more threads would only wait for the one writer.
LINES = {"read": 8, "records": 2, "write": 4, "large": 2, "checks": 2, "files": 2, "account": 8, "watch": 1}
HURRIED = {"records"}  # who taps in a lesson has the first turn at the one lock of who writes
# Where files are read that somebody made, which may take long however small they are: by strangers, by who works here.
CHECKS = {"checker"}
FILES = {
    "values-import", "populations", "target-lists", "units-import", "machine-api:values", "edition-upload",
    "consultation-document", "inspection-checklist", "draft-lesson-import",
}  # fmt: skip
ALIVE, BEAT = "alive", 1.0  # where each worker leaves a sign of life, every so many seconds
TURN = 0.001  # seconds that a thread computes before others have their turn
ALIVE_AT, WATCHED = "/healthz", ("/readyz", "/metrics")
AGAIN = {  # seconds after which who was refused may come again
    HTTPStatus.TOO_MANY_REQUESTS: "5",
    HTTPStatus.SERVICE_UNAVAILABLE: "5",
    HTTPStatus.INSUFFICIENT_STORAGE: "60",
}
SAYS = {  # sent before Django, which knows the reader's language, is asked
    HTTPStatus.BAD_REQUEST: "Yêu cầu không đọc được.",
    HTTPStatus.REQUEST_TIMEOUT: "Nội dung gửi lên đến quá chậm nên chưa nhận được. Hãy gửi lại.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Nội dung gửi lên quá lớn.",
    HTTPStatus.TOO_MANY_REQUESTS: "Từ mạng này đang gửi lên quá nhiều thứ cùng lúc. Hãy thử lại sau ít giây.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Hệ thống đang bận nên chưa làm được. Hãy thử lại sau ít giây.",
    HTTPStatus.INSUFFICIENT_STORAGE: "Máy chủ sắp hết chỗ nên chưa nhận được. Hãy thử lại sau.",
}
Headers = list[tuple[str, str]]


class Refused(Exception):
    """What came is not taken. `status` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Answer:
    """What the application answers: head and body, which is in a file when it is long."""

    status: int
    headers: Headers

    def start(self, status: str, headers: Headers, _error: Any = None) -> None:
        """WSGI's `start_response`."""
        self.status, self.headers = int(status.split()[0]), headers


class Door:
    """RSGI application (Granian's interface) around the front and Django's WSGI application.

    `most` tells how many bytes a request may send beyond what anybody may, `who` who is signed in (empty: a stranger);
    both are asked in a thread.
    """

    def __init__(
        self, front: Front, most: Callable[[dict[str, Any]], int], who: Callable[[dict[str, Any]], str]
    ) -> None:
        self.front = front
        self.most = most
        self.who = who
        self.lines = {
            name: ThreadPoolExecutor(size, f"door-{name}", initializer=go_ahead if name in HURRIED else None)
            for name, size in LINES.items()
        }
        self.downloads = Downloads(_folder())
        self.waiting: Counter[str] = Counter()
        self.sending: Counter[str] = Counter()  # bodies on their way, by network address
        sys.setswitchinterval(TURN)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Granian's call when a worker begins: from now on it says again and again that it is alive."""
        self._beat(loop, settings.DATA / ALIVE / str(os.getpid()))

    def _beat(self, loop: asyncio.AbstractEventLoop, sign: Path) -> None:
        with suppress(OSError):  # a full disk is no reason to be taken for dead: without a sign nobody is
            sign.touch()
        loop.call_later(BEAT, self._beat, loop, sign)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; whoever has hung up meanwhile is not answered."""
        with suppress(ProtocolClosed):
            await self._answer(scope, protocol)

    async def _answer(self, scope: Any, protocol: Any) -> None:
        environ, answer = environ_of(scope), Answer()
        finished = self.front.finished(environ, answer.start)
        if environ["PATH_INFO"] == ALIVE_AT:  # behind nothing: whoever asks wants to know whether this process answers
            answer.start("200 OK", [("Content-Type", "text/plain; charset=utf-8"), *safety_headers()])
            finished = [b"ok\n"]
        if finished is not None:
            await _send(protocol, answer, finished)
            return
        with ExitStack() as files:
            try:
                environ["wsgi.input"] = await self._body(environ, protocol, files)
                body = await self._answered(line_of(environ), environ, answer, files)
            except Refused as refused:
                body = _refuse(refused.status, environ, answer)
            except (OSError, DatabaseError, InterfaceError) as fault:  # bodies and answers lie in files on their way
                if not (moment := unavailable.why(fault)):
                    raise
                full = isinstance(moment, unavailable.NoRoom)
                status = HTTPStatus.INSUFFICIENT_STORAGE if full else HTTPStatus.SERVICE_UNAVAILABLE
                body = _refuse(status, environ, answer)
            await _send(protocol, answer, body)

    async def _answered(self, line: str, environ: dict[str, Any], answer: Answer, files: ExitStack) -> Iterable[bytes]:
        """What Django answers. Raises Refused."""
        if line != "download":
            return await self._in_line(line, self._work, environ, answer, files)
        who = await self._in_line("read", self.who, environ)
        if not who:  # what a stranger may export is public, and waits as any page does
            return await self._in_line("read", self._work, environ, answer, files)
        try:
            status, headers, body = await self.downloads.answer(who, environ, files)
        except Failed:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from None
        answer.start(status, headers)
        return _parts(body)

    async def _in_line[T](self, line: str, work: Callable[..., T], *arguments: Any) -> T:
        if self.waiting[line] >= MOST_WAITING:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self.waiting[line] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.lines[line], work, *arguments)
        finally:
            self.waiting[line] -= 1

    def _work(self, environ: dict[str, Any], answer: Answer, files: ExitStack) -> Iterable[bytes]:
        """Let Django answer, to the end: no thread waits for a reader."""
        with closing(self.front.django(environ, answer.start)) as response:
            if not response.streaming:
                return [b"".join(response)]
            whole = files.enter_context(_file())
            whole.writelines(response)
        whole.seek(0)
        return _parts(whole)

    async def _body(self, environ: dict[str, Any], protocol: Any, files: ExitStack) -> IO[bytes]:
        """The whole body, in memory or in a file. Raises Refused."""
        limit = await self._limit(environ)
        if not limit:
            return BytesIO()
        with self._sending(asker_in(environ)):
            if limit <= CHUNK:
                return await _short(protocol, limit)
            return await _long(protocol, limit, environ, files)

    @contextmanager
    def _sending(self, address: str) -> Iterator[None]:
        """While somebody's body is on its way. Raises Refused when very many of theirs are."""
        if self.sending[address] >= MOST_SENDING:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
        self.sending[address] += 1
        try:
            yield
        finally:
            self.sending[address] -= 1
            if not self.sending[address]:
                del self.sending[address]

    async def _limit(self, environ: dict[str, Any]) -> int:
        """Bytes that the body may have. Raises Refused for one that says it has more."""
        said = environ.get("CONTENT_LENGTH", "")
        if said and not (said.isascii() and said.isdigit()):
            raise Refused(HTTPStatus.BAD_REQUEST)
        if said:  # as everybody reads it, however many zeros come before
            said = environ["CONTENT_LENGTH"] = said.lstrip("0") or "0"
        size = int(said[:20] or 0)
        if "HTTP_TRANSFER_ENCODING" not in environ and size <= FREE_TO_SEND:
            return size
        limit = max(FREE_TO_SEND, await self._in_line("write", self.most, environ))
        if size > limit:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return limit


def line_of(environ: dict[str, Any]) -> str:
    """The line in which a request waits."""
    path = environ["PATH_INFO"]
    if path in WATCHED:
        return "watch"
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        abroad = path == _address("oidc-back")
        return "account" if abroad else "download" if is_export(path, environ["QUERY_STRING"]) else "read"
    if path == _address("record"):
        return "records"
    if (page := _name_of(path)) in CHECKS | FILES:
        return "checks" if page in CHECKS else "files"
    if int(environ.get("CONTENT_LENGTH") or 0) > FREE_TO_SEND:
        return "large"
    return "account" if path.startswith(_address("account")) else "write"


def _name_of(path: str) -> str:
    """The name of the page at an address; empty where there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@cache
def _address(name: str) -> str:
    return reverse(name)


def environ_of(scope: Any) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of a request, still without its body.

    Names with an underscore are left out: they would pass for the same name with a hyphen, which a proxy answers for.
    """
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": settings.ENV["HOCVUSO_HOST"],
        "SERVER_PORT": str(settings.ENV["HOCVUSO_PORT"]),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name:
            key = name.upper().replace("-", "_")
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            joined = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _parts(file: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


def _file(in_memory: int = IN_MEMORY) -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(in_memory, dir=str(_folder()))


def _folder() -> Path:
    """Where bodies and answers lie on their way."""
    folder = settings.DATA / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _short(protocol: Any, size: int) -> IO[bytes]:
    """A body of so many bytes, none for most requests. Raises Refused when it does not come in time, or is cut."""
    body = bytes(await _in_time(protocol(), GRACE)) if size else b""
    if len(body) != size:
        raise Refused(HTTPStatus.BAD_REQUEST)
    return BytesIO(body)


async def _long(protocol: Any, limit: int, environ: dict[str, Any], files: ExitStack) -> IO[bytes]:
    """A body that may be long, in a file. Raises Refused when it is too long, slow or cut, or the disk nearly full."""
    body, size, parts = files.enter_context(_file(CHUNK)), 0, aiter(protocol)
    clock = asyncio.get_running_loop().time
    begun = clock()
    while part := await _in_time(anext(parts, b""), IDLE):
        size += len(part)
        if size > limit:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if size > CHUNK and shutil.disk_usage(settings.DATA).free < LEAST_FREE:
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE)
        if clock() - begun > GRACE + size / SLOWEST:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT)
        body.write(part)
    if size != int(environ.setdefault("CONTENT_LENGTH", str(size)) or 0):
        raise Refused(HTTPStatus.BAD_REQUEST)  # cut on its way
    body.seek(0)
    return body


async def _in_time[T](what: Awaitable[T], seconds: float) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await what
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None


def _refuse(status: HTTPStatus, environ: dict[str, Any], answer: Answer) -> list[bytes]:
    """Say why nothing was taken: to programs as a problem document (RFC 9457), to people in a line."""
    says = SAYS[status] if "hv_lang=en" not in environ.get("HTTP_COOKIE", "") else status.phrase
    kind, body = "text/plain; charset=utf-8", f"{says}\n".encode()
    if environ["PATH_INFO"].startswith("/api/") or "json" in environ.get("CONTENT_TYPE", ""):
        code = status.phrase.lower().replace(" ", "-")
        told = {"type": f"urn:hocvuso:problem:{code}", "title": says, "status": status.value, "field": ""}
        kind, body = "application/problem+json", json.dumps(told, ensure_ascii=False).encode()
    headers = [("Content-Type", kind), ("X-Content-Type-Options", "nosniff"), ("Connection", "close")]
    if status in AGAIN:
        headers.append(("Retry-After", AGAIN[status]))
    answer.start(f"{status.value} {status.phrase}", headers)
    return [body]


async def _send(protocol: Any, answer: Answer, body: Iterable[bytes]) -> None:
    """Send an answer. A reader who takes nothing for a while is left."""
    if isinstance(body, list):
        protocol.response_bytes(answer.status, answer.headers, b"".join(body))
        return
    transport = protocol.response_stream(answer.status, answer.headers)
    for part in body:
        try:
            async with asyncio.timeout(IDLE):
                await transport.send_bytes(part)
        except (TimeoutError, OSError, RuntimeError):
            break
    if hasattr(body, "close"):
        body.close()

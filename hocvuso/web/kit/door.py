"""The door: takes each request whole, within limits of size and time, before one of the few threads works on it.

What is finished (pages, bundles, static files) is answered here at once. What Django must answer waits in one of some
lines with threads of their own, so that nobody's page waits behind another's fault: whoever writes behind a held
database, whoever loads down behind a long export, whoever signs in behind a slow gateway or identity provider, and
machines that watch behind nobody.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.urls import reverse

from .downloads import Downloads, Failed
from .front import Front

CHUNK = 64 * 1024
IN_MEMORY = 512 * 1024  # of a body or an answer; more waits in a file
FREE_TO_SEND = 2 * 1024 * 1024 + CHUNK  # bytes of a body from anybody; more only from whom `most` lets
IDLE = 15.0  # seconds without a byte from a sender, or without a byte taken by a reader
GRACE = 20.0  # seconds that a body may take however small it is, and
SLOWEST = 8 * 1024  # bytes a second that it must come with beyond that
MOST_WAITING = 400  # requests of one line; more are told to come again
LEAST_FREE = 200 * 1024 * 1024  # bytes on the disk that a body in a file leaves
LINES = {"read": 8, "write": 8, "account": 8, "watch": 1}  # and downloads, which have a process of their own
WATCHED = ("/healthz", "/readyz", "/metrics")
SAYS = {  # sent before Django, which knows the reader's language, is asked
    HTTPStatus.BAD_REQUEST: "Yêu cầu không đọc được.",
    HTTPStatus.REQUEST_TIMEOUT: "Nội dung gửi lên đến quá chậm nên chưa nhận được. Hãy gửi lại.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Nội dung gửi lên quá lớn.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Đang có quá nhiều người cùng gửi. Hãy thử lại sau ít giây.",
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

    `most` tells how many bytes a request may send beyond what anybody may; it is asked in a thread.
    """

    def __init__(self, front: Front, most: Callable[[dict[str, Any]], int]) -> None:
        self.front = front
        self.most = most
        self.lines = {name: ThreadPoolExecutor(size, f"door-{name}") for name, size in LINES.items()}
        self.downloads = Downloads(_folder())
        self.waiting: Counter[str] = Counter()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        environ, answer = environ_of(scope), Answer()
        finished = self.front.finished(environ, answer.start)
        if finished is not None:
            await _send(protocol, answer, finished)
            return
        with ExitStack() as files:
            try:
                environ["wsgi.input"] = await self._body(environ, protocol, files)
                body = await self._answered(line_of(environ), environ, answer, files)
            except Refused as refused:
                body = _refuse(refused.status, environ, answer)
            await _send(protocol, answer, body)

    async def _answered(self, line: str, environ: dict[str, Any], answer: Answer, files: ExitStack) -> Iterable[bytes]:
        """What Django answers. Raises Refused."""
        if line != "download":
            return await self._in_line(line, self._work, environ, answer, files)
        try:
            status, headers, body = await self.downloads.answer(environ, files)
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
        if limit <= CHUNK:
            return await _short(protocol, limit)
        body, size, parts = files.enter_context(_file()), 0, aiter(protocol)
        clock = asyncio.get_running_loop().time
        begun = clock()
        while part := await _in_time(anext(parts, b""), IDLE):
            size += len(part)
            if size > limit:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if size > IN_MEMORY and shutil.disk_usage(settings.DATA).free < LEAST_FREE:
                raise Refused(HTTPStatus.INSUFFICIENT_STORAGE)
            if clock() - begun > GRACE + size / SLOWEST:
                raise Refused(HTTPStatus.REQUEST_TIMEOUT)
            body.write(part)
        if size != int(environ.setdefault("CONTENT_LENGTH", str(size)) or 0):
            raise Refused(HTTPStatus.BAD_REQUEST)  # cut on its way
        body.seek(0)
        return body

    async def _limit(self, environ: dict[str, Any]) -> int:
        """Bytes that the body may have. Raises Refused for one that says it has more."""
        said = environ.get("CONTENT_LENGTH", "")
        if said and not (said.isascii() and said.isdigit()):
            raise Refused(HTTPStatus.BAD_REQUEST)
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
        return "account" if abroad else "download" if "tai=" in environ["QUERY_STRING"] else "read"
    return "account" if path.startswith(_address("account")) else "write"


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


def _file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(_folder()))


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
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", "5"))
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

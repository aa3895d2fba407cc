"""The faults: of lines and senders, of which many come at once; of the machine, one at a time."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..client import Connection, WrongAnswer, request_of
from ..learner import JSON, worked_through
from ..site import Site, tree
from .acts import FORM, Scene, acknowledge, anything, heed, send

SHORT = (0.2, 1.4)  # seconds that a worker stands, a lock is held, a disk is full


class Machine:
    """The machine that the installation stands on, and what goes wrong with it."""

    def __init__(self, site: Site, scene: Scene, hand: Callable[..., Any], disk: Path | None) -> None:
        self.site, self.scene, self.hand, self.disk = site, scene, hand, disk
        self.rng = random.Random(scene.rng.random())
        self.log: list[tuple[float, float, str]] = []  # when each fault began and ended
        self.poisoned = 0
        self.impossible = 0

    def workers(self) -> list[int]:
        """The server's workers."""
        return tree(self.site.server.pid)[1:] if self.site.server else []

    def kill_worker(self) -> None:
        """One worker ends in the middle of what it does."""
        with suppress(ProcessLookupError):
            os.kill(self.rng.choice(self.workers()), signal.SIGKILL)
        time.sleep(self.rng.uniform(*SHORT))

    def kill_site(self) -> None:
        """The whole site ends in the middle of what it does, and is begun anew."""
        self.site.kill()
        self.site.start()
        self.site.wait()
        while not (well := send(self.scene, request_of("GET", "/healthz", {}))) or well.status != 200:
            time.sleep(0.05)

    def stop_worker(self) -> None:
        """One worker stands still for a while."""
        worker = self.rng.choice(self.workers())
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGSTOP)
            time.sleep(self.rng.uniform(*SHORT))
            os.kill(worker, signal.SIGCONT)

    def hold_lock(self) -> None:
        """Somebody else holds the database."""
        self.hand("hold", seconds=self.rng.uniform(*SHORT))

    def fill_disk(self) -> None:
        """The disk is full for a while."""
        if self.disk is None:
            raise LookupError
        balloon = self.disk / "balloon"
        try:
            with balloon.open("wb") as file, suppress(OSError):
                while True:
                    file.write(bytes(1 << 20))
                    file.flush()
            time.sleep(self.rng.uniform(*SHORT))
        finally:
            balloon.unlink(missing_ok=True)

    def poison(self) -> None:
        """Rotten rows lie in the database."""
        self.poisoned += self.hand("poison", number=self.poisoned)

    def kill_periodic(self) -> None:
        """What is periodic ends in the middle of what it does."""
        command = [sys.executable, "-m", "hocvuso", "periodic"]
        silent = subprocess.DEVNULL
        process = subprocess.Popen(command, env=self.site.environment, stdout=silent, stderr=silent)
        time.sleep(self.rng.uniform(1.0, 4.0))
        process.kill()
        process.wait()


MACHINE: dict[Callable[[Machine], None], int] = {
    Machine.kill_worker: 4,
    Machine.kill_site: 1,
    Machine.stop_worker: 4,
    Machine.hold_lock: 4,
    Machine.fill_disk: 3,
    Machine.poison: 2,
    Machine.kill_periodic: 1,
}


def cut(scene: Scene) -> None:
    """The line is cut in the middle of a request."""
    act = anything(scene)
    with suppress(OSError), closing(Connection(scene.port, timeout=5)) as line:
        line.send(act.request[: scene.rng.randrange(1, len(act.request))])
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not a goodbye
    acknowledge(scene, act)


def unheard(scene: Scene) -> None:
    """The line is cut before the answer comes."""
    act = anything(scene)
    with suppress(OSError), closing(Connection(scene.port, timeout=5)) as line:
        line.send(act.request)
        time.sleep(scene.rng.choice([0, 0.001, 0.01]))
    acknowledge(scene, act)


def double(scene: Scene) -> None:
    """The same is sent several times at once."""
    act = anything(scene)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _n: send(scene, act.request), range(3)))
    for answer in answers:
        heed(scene, act, answer)
    acknowledge(scene, act)


def slow(scene: Scene) -> None:
    """The line lets a few bytes through at a time."""
    act = anything(scene)
    step = max(len(act.request) // 25, 1)
    with suppress(OSError, WrongAnswer), closing(Connection(scene.port, timeout=15)) as line:
        for start in range(0, len(act.request), step):
            line.send(act.request[start : start + step])
            time.sleep(0.05)
        heed(scene, act, line.receive())
    acknowledge(scene, act)


def hanging(scene: Scene) -> None:
    """Several lines begin to send and never go on."""
    lines = []
    for _n in range(20):
        with suppress(OSError):
            line = Connection(scene.port, timeout=5)
            lines.append(line)
            line.send(b"POST /tai-khoan/dang-nhap/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\na")
    time.sleep(scene.rng.uniform(*SHORT))
    for line in lines:
        line.close()


def skewed(scene: Scene) -> None:
    """A device whose clock is wrong by hours to centuries."""
    act = anything(scene)
    while act.kind != "statement":
        acknowledge(scene, act)
        act = anything(scene)
    off = timedelta(days=scene.rng.choice([-40_000, -400, -1, 1, 400, 40_000]), seconds=scene.rng.randrange(86_400))
    head, _, body = act.request.partition(b"\r\n\r\n")
    sent = json.loads(body)
    sent["statements"][0]["timestamp"] = (datetime.now(UTC) + off).isoformat()
    act.request = head + b"\r\n\r\n" + json.dumps(sent).encode().ljust(len(body))
    acknowledge(scene, act)


ROTTEN: tuple[dict[str, Any], ...] = (
    {"timestamp": "9999-12-31T23:59:59Z"},
    {"timestamp": "0001-01-01T00:00:00+14:00"},
    {"object": {"id": "urn:hocvuso:lesson:\u0000"}},
    {"result": {"duration": "PT9999999999999999H"}},
    {"result": {"score": {"scaled": 1e308}}},
    {"verb": {"id": "x" * 5000}},
    {"id": "none"},
)


def rotten(scene: Scene) -> None:
    """One statement of three is nonsense; the others are to be taken all the same."""
    person, lesson = scene.rng.choice(scene.world["learners"]), scene.rng.choice(scene.lessons)
    good, bad, more = (json.loads(scene.rng.choice(worked_through(lesson)))["statements"][0] for _n in range(3))
    batch = json.dumps({"statements": [good, bad | scene.rng.choice(ROTTEN), more]}).encode()
    request = request_of("POST", "/ghi/", person, batch, JSON)
    answer = send(scene, request)
    while answer is None or answer.status != 200:
        if answer is not None and answer.status < 500:
            return scene.surprise(f"rotten statement: {answer.status} {answer.body[:200]!r}")
        time.sleep(0.2)
        answer = send(scene, request)
    if not {good["id"], more["id"]} <= set(json.loads(answer.body)["accepted"]):
        scene.surprise(f"a rotten statement held up others: {answer.body[:300]!r}")
    return None


def code(scene: Scene) -> None:
    """Somebody asks for a code while the gateway trickles."""
    number = f"09{uuid.uuid4().int % 10**8:08}"
    known = {"csrftoken": "t" * 32}
    send(scene, request_of("POST", "/tai-khoan/dang-nhap/", known, f"address={number}".encode(), FORM))


LINES: dict[Callable[[Scene], None], int] = {
    cut: 5,
    unheard: 5,
    double: 5,
    slow: 2,
    hanging: 1,
    skewed: 2,
    rotten: 2,
    code: 1,
}


class Trickling:
    """A gateway that takes a message and answers a byte a second."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                line, _from = self.socket.accept()
                threading.Thread(target=self._trickle, args=(line,), daemon=True).start()

    def _trickle(self, line: socket.socket) -> None:
        with suppress(OSError), closing(line):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 1000:
                line.send(bytes([byte]))
                time.sleep(1)


def one_after_another(machine: Machine, left: list[Callable[[Machine], None]], done: Counter[str]) -> None:
    """The machine's faults, with a breath between them."""
    for fault in left:
        began = time.monotonic()
        try:
            fault(machine)
            done[fault.__name__] += 1
            machine.log.append((began, time.monotonic(), fault.__name__))
        except LookupError:
            machine.impossible += 1
        time.sleep(machine.rng.uniform(0.1, 0.8))

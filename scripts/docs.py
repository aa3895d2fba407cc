"""Fills the marked regions of the documentation from the code, so that they stay true.

    python scripts/docs.py            write them
    python scripts/docs.py --check    only say which pages would change (status 1)

A region begins with a line `<!-- made by make docs: NAME -->` and ends with `<!-- end -->`; MAKERS names the regions.
On pages in Vietnamese (`docs/vi/`) the last column of a table is written by hand: rows come from the code, and the
words beside a name stay as they are; a new name gets `…`, for somebody to fill.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import importlib
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CODE = ROOT / "hocvuso"
REGION = re.compile(r"(?P<begin><!-- made by make docs: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end -->)", re.S)
MISSING = "…"
ADDRESS = "address | name | gate | what"


def pages() -> list[Path]:
    """Every page of documentation, in English and in Vietnamese."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def filled(page: Path) -> str:
    """The text of a page with its regions as the code has them now."""

    def fill(match: re.Match[str]) -> str:
        kept = _words(match[0]) if "vi" in page.relative_to(ROOT).parts else None
        return match["begin"] + MAKERS[match["name"]](kept) + match["end"]

    return REGION.sub(fill, page.read_text("utf-8"))


Kept = dict[str, str] | None  # the words that stand beside each name, where they are written by hand


def _words(region: str) -> dict[str, str]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in region.splitlines() if line[:1] == "|"]
    return {row[0]: row[-1] for row in rows}


def _table(head: str, rows: Iterable[tuple[str, ...]], kept: Kept = None) -> str:
    """A Markdown table. With `kept` the last cell of a row is what stood there, or `…` where nothing did."""
    lines = [f"| {head} |", "|" + " --- |" * (head.count("|") + 1)]
    for row in rows:
        cells = row if kept is None else (*row[:-1], kept.get(row[0], MISSING))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def settings(kept: Kept) -> str:
    """Environment variables: name, default, meaning."""
    from hocvuso.base.env import SETTINGS

    empty = "empty" if kept is None else "trống"
    rows = [(f"`{s.name}`", f"`{s.default}`" if s.default else empty, s.meaning) for s in SETTINGS]
    return _table("name | default | meaning" if kept is None else "biến | mặc định | ý nghĩa", rows, kept)


def commands(kept: Kept) -> str:
    """Commands with their arguments, from the parser."""
    from hocvuso.ops.command import parser

    chosen = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    rows = []
    for choice in chosen._choices_actions:  # one for each command; `choices` has its aliases too
        command = chosen.choices[choice.dest]
        arguments = " ".join(_argument(a) for a in command._actions if not isinstance(a, argparse._HelpAction))
        rows.append((f"`hocvuso {choice.dest}`", f"`{arguments}`" if arguments else "", choice.help or ""))
    return _table("command | arguments | what it does" if kept is None else "lệnh | tham số | việc", rows, kept)


def _argument(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    if action.choices and action.nargs != 0:
        value = "{" + ",".join(str(c) for c in action.choices) + "}"
    if action.nargs in ("+", "*"):
        value += "…"
    if action.option_strings:
        return f"[{' '.join(filter(None, (action.option_strings[-1], value)))}]"
    return f"[{value}]" if action.nargs in ("?", "*") else value


def manage(kept: Kept) -> str:
    """Management commands of our own."""
    rows = []
    for path in sorted(CODE.glob("*/management/commands/[!_]*.py"), key=lambda p: p.stem):
        command = importlib.import_module(_module(path)).Command()
        actions = command.create_parser("hocvuso manage", path.stem)._actions
        own = [a for a in actions if a.option_strings and a.option_strings[-1] not in _OF_DJANGO]
        rows.append((f"`hocvuso manage {path.stem}`", " ".join(f"`{_argument(a)}`" for a in own), command.help))
    return _table("command | arguments | what it does" if kept is None else "lệnh | tham số | việc", rows, kept)


_OF_DJANGO = {
    "--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
    "--skip-checks",
}  # fmt: skip


def rooms(_kept: Kept) -> str:
    """Rooms with what they are for, from the ground up."""
    return _table("room | what it is for", [(f"`{room}`", _says(CODE / room)) for room in floors()])


def floors() -> list[str]:
    """Rooms from the lowest up, as the contract of layers lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == ["hocvuso"] and "layers" in c)
    return [room for layer in reversed(layers) for room in re.findall(r"\w+", layer)]


def _says(package: Path) -> str:
    """The first paragraph of what a package says of itself, on one line."""
    manifest = package / "manifest.py"  # of a subject of pages
    file = manifest if manifest.exists() else package / "__init__.py" if package.is_dir() else package
    said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())


def events(_kept: Kept) -> str:
    """What happened in a room, and who listens."""
    listeners = _listeners()
    rows = []
    for path in sorted(CODE.rglob("events.py"), key=lambda p: (*_floor(p), str(p))):
        module = importlib.import_module(_module(path))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and dataclasses.is_dataclass(kind):
                heard = "; ".join(listeners.get((module.__name__, name), [])) or "nobody"
                rows.append((f"`{name}`", f"`{_room(path)}`", _first_line(kind.__doc__), heard))
    return _table("event | room | says | who listens, and does what", rows)


def _listeners() -> dict[tuple[str, str], list[str]]:
    """(module, event) → who listens, found by the decorator `@on(Event)`, with what the listener says of itself."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(CODE.rglob("*.py"), key=lambda p: (*_floor(p), str(p))):
        if "tests" in path.parts or "@on(" not in (text := path.read_text("utf-8")):
            continue
        tree = ast.parse(text)
        source = {a.asname or a.name: n.module for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
        for node in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            for event in _heard(node):
                said = _first_line(ast.get_docstring(node)) or node.name.strip("_").replace("_", " ")
                module = source.get(event) or ""
                found.setdefault((module, event), []).append(
                    f"`{_room(path)}`: {said[0].lower()}{said[1:].rstrip('.')}"
                )
    return found


def _heard(node: ast.FunctionDef) -> list[str]:
    calls = [d for d in node.decorator_list if isinstance(d, ast.Call) and getattr(d.func, "id", "") == "on"]
    return [call.args[0].id for call in calls if call.args and isinstance(call.args[0], ast.Name)]


def _floor(path: Path) -> tuple[int]:
    room, order = path.relative_to(CODE).parts[0], floors()
    return (order.index(room) if room in order else -1,)


def _room(path: Path) -> str:
    parts = path.relative_to(CODE).parts[:-1]
    return ".".join(parts[:2] if parts[0] == "web" else parts[:1])


def addresses(_kept: Kept) -> str:
    """Every address of pages, by who is looking and subject: pattern, name, gate, what its view says of itself."""
    from django.urls import get_resolver

    rows: dict[Path, list[tuple[str, ...]]] = {}
    for address, name, view in _patterns(get_resolver()):
        folder = ROOT.joinpath(*view.__module__.split(".")[:-1])  # a subject
        if CODE / "web" in folder.parents:
            row = (f"`/{address}`", f"`{name}`", getattr(view, "gate", ""), _first_line(view.__doc__))
            rows.setdefault(folder, []).append(row)
    parts = []
    for who in dict.fromkeys(CODE / "web" / folder.relative_to(CODE / "web").parts[0] for folder in rows):
        parts.append(f"## {_says(who).rstrip('.')}\n")
        for subject in (folder for folder in rows if who in folder.parents):
            parts.append(f"### {_says(subject).rstrip('.')}\n" + _table(ADDRESS, rows[subject]))
    return "\n".join(parts)


def machines(_kept: Kept) -> str:
    """Every request of programs with a secret, from the description of the API."""
    from hocvuso.interop.api import api

    described: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    rows = [
        (f"`{method.upper()} {path}`", operation.get("summary", ""), _first_line(operation.get("description")))
        for path, methods in sorted(described.items())
        for method, operation in methods.items()
    ]
    return _table("request | name | what", rows)


def _patterns(resolver: Any, before: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern, address)
        else:
            yield address, pattern.name or "", pattern.callback


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _first_line(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split()).replace("|", "\\|")


MAKERS: dict[str, Callable[[Kept], str]] = {
    "settings": settings,
    "commands": commands,
    "manage": manage,
    "rooms": rooms,
    "events": events,
    "addresses": addresses,
    "machines": machines,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that would change."""
    import django

    sys.path.insert(0, str(ROOT))  # this checkout, whichever one is installed
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
    django.setup()
    changed = {page: text for page in pages() if (text := filled(page)) != page.read_text("utf-8")}
    for page, text in changed.items():
        print(page.relative_to(ROOT))
        if "--check" not in arguments:
            page.write_text(text, "utf-8")
    return int("--check" in arguments and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

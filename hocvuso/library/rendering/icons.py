"""Icons of simulated screens and boxes: Lucide (ISC licence), taken from the installed package at publishing."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from pathlib import Path

Icons = Callable[[str], str]
FOLDER = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "lucide-static" / "icons"
FALLBACK = "circle-alert"


class UnknownIcon(ValueError):
    """No icon of this name, or the package of icons is not installed."""


@cache
def svg(name: str) -> str:
    """The SVG text of an icon (24 × 24, stroked). Raises UnknownIcon saying what to do about it."""
    path = FOLDER / f"{name}.svg"
    if re.fullmatch(r"[a-z0-9-]+", name) and path.is_file():
        return path.read_text("utf-8")
    known = [p.stem for p in FOLDER.glob("*.svg")]
    if not known:
        raise UnknownIcon("chưa có bộ biểu tượng: hãy chạy `npm ci` trong thư mục frontend")
    near = ", ".join(get_close_matches(name, known, 3))
    raise UnknownIcon(f"không có biểu tượng {name!r}" + (f"; gần giống: {near}" if near else "; xem tên ở lucide.dev"))


@cache
def shapes(drawing: str) -> str:
    """What stands inside the `<svg>` of a drawing."""
    return " ".join(re.sub(r"(?s)^.*?<svg[^>]*>|</svg>.*$", "", drawing).split())


def symbol(name: str, icons: Icons = svg) -> str:
    """The icon as a `<symbol>` of a sprite."""
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{shapes(icons(name))}</symbol>'


def sprite(names: set[str], icons: Icons = svg) -> str:
    """Icons kept once in a page, for `<use href="#i-name">`."""
    symbols = "".join(symbol(name, icons) for name in sorted(names))
    return f'<svg class="sprite" width="0" height="0" aria-hidden="true" hidden>{symbols}</svg>'


def inline(name: str, icons: Icons = svg) -> str:
    """The icon as an inline picture without meaning of its own."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{shapes(icons(name))}</svg>'

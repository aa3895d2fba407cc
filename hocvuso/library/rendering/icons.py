"""Icons of simulated screens: Lucide (ISC licence), taken from the installed package at publishing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings

FALLBACK = "circle-alert"


class UnknownIcon(ValueError):
    """No icon of this name."""


@cache
def _folder() -> Path:
    return settings.ROOT / "frontend" / "node_modules" / "lucide-static" / "icons"


@cache
def inner(name: str) -> str:
    """The shapes of an icon (24 × 24, stroked). Raises UnknownIcon."""
    path = _folder() / f"{name}.svg"
    if not path.is_file():
        raise UnknownIcon(f"không có biểu tượng {name!r}")
    svg = path.read_text("utf-8")
    return " ".join(re.sub(r"(?s)^.*?<svg[^>]*>|</svg>.*$", "", svg).split())


def symbol(name: str) -> str:
    """The icon as a `<symbol>` of a sprite."""
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner(name)}</symbol>'


def inline(name: str) -> str:
    """The icon as an inline picture without meaning of its own."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inner(name)}</svg>'

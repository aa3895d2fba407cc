"""The pieces a document is composed of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from hocvuso.base.numbers import least, vietnamese

Block = dict[str, Any]


def day(value: date | None) -> str:
    """A date in words of documents; open when no source states it."""
    return f"{value:%d/%m/%Y}" if value else "chưa rõ"


def number(value: float | None, decimals: int = 0) -> str:
    """A number as documents write it: `1.234,5`; `dưới 0,01` for what would round to zero; a dash for nothing."""
    if value is None:
        return "–"
    if bound := least(value, decimals):
        return f"dưới {vietnamese(bound)}"
    return vietnamese(f"{value:,.{decimals}f}")


def heading(text: str) -> Block:
    """A heading of its own line."""
    return {"kind": "heading", "text": text}


def paragraph(text: str) -> Block:
    """A paragraph."""
    return {"kind": "paragraph", "text": text}


def item(text: str) -> Block:
    """One line of a list."""
    return {"kind": "item", "text": text}


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Block:
    """A table; every cell as text."""
    return {"kind": "table", "head": list(head), "rows": [[str(cell) for cell in row] for row in rows]}


def lines(text: str) -> list[str]:
    """Lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]

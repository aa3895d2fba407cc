"""Figures as people read and type them: 1.234,5 in Vietnamese, 1,234.5 in English."""

from __future__ import annotations

from hocvuso.base.numbers import fixed, typed

__all__ = ["figure", "typed"]


def figure(value: float | None, decimals: int = 0) -> str:
    """A figure with so many decimals, the reader's way; a dash where there is none."""
    return "—" if value is None else fixed(value, decimals)

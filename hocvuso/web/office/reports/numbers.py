"""Figures as people read and type them: 1.234,5 in Vietnamese, 1,234.5 in English."""

from __future__ import annotations

from typing import Any

from hocvuso.base import numbers
from hocvuso.base.numbers import NotANumber, fixed, typed
from hocvuso.base.text import clean

__all__ = ["NotANumber", "figure", "read", "typed", "whole"]


def figure(value: float | None, decimals: int = 0) -> str:
    """A figure with so many decimals, the reader's way; a dash where there is none."""
    return "—" if value is None else fixed(value, decimals)


def read(text: str, *, field: str, whole: bool = False) -> float | None:
    """The number that was typed; nothing for nothing. Raises NotANumber."""
    return float(numbers.read(text, whole=whole, field=field)) if clean(text) else None


def whole(text: Any, default: int) -> int:
    """A whole number typed in a form; the default for anything else."""
    try:
        return int(numbers.read(str(text or ""), whole=True, least=-999_999, most=999_999))
    except NotANumber:
        return default

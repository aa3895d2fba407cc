"""How figures are written, on steering pages and in public."""

from __future__ import annotations

from hocvuso.base.numbers import fixed
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure, shown


def to_decimals(value: float | None, decimals: int = 0) -> str:
    """A value with so many decimals, the reader's way; a dash where there is none."""
    return "—" if value is None else fixed(value, decimals)


def words(figure: Figure | None, indicator: Indicator) -> str:
    """A figure as it is written: the reader's separators, `<5` where few people are protected, a dash for nothing."""
    if figure is not None and figure.withheld:
        return "<5"
    value = shown(figure)
    if value is None:
        return "–"
    return fixed(value, indicator.decimals)

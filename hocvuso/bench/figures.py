"""What a bench finds out, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure. `limit`: the most (or, for a rate, the best) it is held against; `missing`: why there is no value."""

    key: str
    value: float | None
    unit: str
    limit: float | None = None
    missing: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit if self.value is not None and self.limit else None


def table(figures: list[Figure]) -> str:
    """The figures in columns, for people."""
    rows = [("figure", "value", "unit", "limit", "value/limit")]
    for f in figures:
        rows.append((f.key, _number(f.value) or "–", f.missing or f.unit, _number(f.limit), _number(f.ratio)))
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, value, unit, limit, ratio = (
        cell.rjust(width) if n in (1, 3, 4) else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"{name}  {value}  {unit}  {limit}  {ratio}".rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

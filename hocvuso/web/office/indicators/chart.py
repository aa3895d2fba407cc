"""A trend drawn as SVG: points and lines as numbers, so that the page needs no script and no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 20, 34


@dataclass(frozen=True)
class Point:
    """One value on the chart."""

    x: float
    y: float
    label: str
    value: str


@dataclass(frozen=True)
class Trend:
    """Everything that the template draws."""

    points: list[Point]
    lines: list[str]
    target_y: float | None
    top: str
    labels: list[Point]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    left: int = LEFT
    right: int = WIDTH - RIGHT


def trend(rows: Sequence[tuple[str, float | None, str]], *, target: float | None, write: object) -> Trend | None:
    """Rows are (label, value, value in words), oldest first; gaps break the line. None when nothing is known."""
    known = [value for _label, value, _words in rows if value is not None]
    if not known:
        return None
    most = max([*known, target or 0, 1e-9])
    step = (WIDTH - LEFT - RIGHT) / max(len(rows) - 1, 1)
    height = HEIGHT - TOP - BOTTOM

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - max(value, 0) / most * height, 1)

    points: list[Point] = []
    lines: list[list[str]] = [[]]
    for n, (label, value, words) in enumerate(rows):
        if value is None:
            lines.append([])
            continue
        points.append(Point(round(LEFT + n * step, 1), up(value), label, words))
        lines[-1].append(f"{points[-1].x},{points[-1].y}")
    labels = [Point(round(LEFT + n * step, 1), 0, rows[n][0], "") for n in sorted({0, len(rows) // 2, len(rows) - 1})]
    return Trend(
        points=points,
        lines=[" ".join(line) for line in lines if len(line) > 1],
        target_y=up(target) if target is not None else None,
        top=str(write(most)) if callable(write) else str(most),
        labels=labels,
    )

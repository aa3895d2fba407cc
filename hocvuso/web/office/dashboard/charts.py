"""Charts as SVG made here: they print, load with the page, and stand beside a table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, PAD = 600, 150, 24
TILE_W, TILE_H, GAP = 84, 44, 4
CLASSES = 5

# Where each province stands in a tile map (column, row), by official code: neighbours stay near each other, the coast
# stays to the right. The archipelagos belong to the unit that administers them.
TILES = {
    "12": (1, 0), "15": (2, 0), "08": (3, 0), "04": (4, 0),
    "11": (0, 1), "14": (1, 1), "25": (2, 1), "19": (3, 1), "20": (4, 1),
    "01": (2, 2), "24": (3, 2), "22": (4, 2),
    "37": (2, 3), "33": (3, 3), "31": (4, 3),
    "38": (2, 4), "40": (2, 5), "42": (2, 6), "44": (3, 7), "46": (3, 8), "48": (4, 9),
    "51": (4, 10), "52": (4, 11), "66": (4, 12), "68": (3, 13), "56": (4, 13),
    "80": (1, 14), "75": (2, 14), "91": (0, 15), "82": (1, 15), "79": (2, 15),
    "92": (0, 16), "86": (1, 16), "96": (0, 17),
}  # fmt: skip
ISLANDS = {"Hoàng Sa": ("48", 5, 9), "Trường Sa": ("56", 5, 14)}


@dataclass(frozen=True)
class Tile:
    """One province on the map: name, words of its value, class (0: none, 1 lowest … 5 highest), its page."""

    name: str
    words: str
    level: int
    url: str


def levels(values: Sequence[float | None]) -> list[int]:
    """The fifth of the distribution that each value falls into, 1 to 5; 0 for none. Equal values share a class."""
    known = sorted(v for v in values if v is not None)
    return [0 if v is None else 1 + sum(k < v for k in known) * CLASSES // len(known) for v in values]


def tile_map(tiles: Mapping[str, Tile], title: str) -> SafeString:
    """The country as tiles, by province code."""
    shown = format_html_join("", "{}", ((_tile(TILES[code], tile),) for code, tile in tiles.items() if code in TILES))
    islands = format_html_join(
        "",
        "{}",
        ((_tile((column, row), Tile(name, "", tiles[code].level, tiles[code].url)),)
         for name, (code, column, row) in ISLANDS.items() if code in tiles),
    )  # fmt: skip
    width, height = 6 * (TILE_W + GAP), 18 * (TILE_H + GAP)
    return format_html(
        '<svg class="tile-map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>',
        width,
        height,
        title,
        shown,
        islands,
    )


def _tile(place: tuple[int, int], tile: Tile) -> SafeString:
    x, y = place[0] * (TILE_W + GAP), place[1] * (TILE_H + GAP)
    return format_html(
        '<a href="{}"><rect class="level-{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="{}" y="{}">{}</text> <text class="tile-value" x="{}" y="{}">{}</text></a>',
        tile.url,
        tile.level,
        x,
        y,
        TILE_W,
        TILE_H,
        x + TILE_W // 2,
        y + (18 if tile.words else 27),
        tile.name,
        x + TILE_W // 2,
        y + 36,
        tile.words,
    )


def sparkline(values: Sequence[float | None], *, title: str, target: float | None = None) -> SafeString:
    """A line over periods; where a value is missing the line is broken. `target`: a dashed level."""
    known = [v for v in (*values, target) if v is not None]
    if not known:
        return SafeString("")
    low, high = min(0.0, *known), max(known) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)

    def at(n: int, value: float) -> str:
        return f"{PAD + n * step:.1f},{HEIGHT - PAD - (value - low) / (high - low or 1.0) * (HEIGHT - 2 * PAD):.1f}"

    points = [(n, at(n, v)) for n, v in enumerate(values) if v is not None]
    lines = format_html_join("", '<polyline points="{}"/>', ((" ".join(run),) for run in _runs(points)))
    dots = format_html_join("", '<circle cx="{}" cy="{}" r="3.5"/>', (p.split(",") for _n, p in points))
    level = SafeString("")
    if target is not None:
        y = at(0, target).split(",")[1]
        level = format_html('<path class="target" d="M{} {}H{}"/>', PAD, y, WIDTH - PAD)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        level,
        lines,
        dots,
    )


def _runs(points: Sequence[tuple[int, str]]) -> list[list[str]]:
    """Points broken into runs of neighbouring periods."""
    runs: list[list[str]] = []
    before = None
    for n, point in points:
        if before is None or n != before + 1:
            runs.append([])
        runs[-1].append(point)
        before = n
    return runs

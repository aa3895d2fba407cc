"""The house's own drawings, each an SVG file beside this one: a small cast of people who have moods, and a few places.

A bust has no ground of its own: the page gives its tile (`.face` in components.css), so that it suits both themes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
INK = "#33261f"  # eyes and mouths of everybody


@dataclass(frozen=True)
class Character:
    """Somebody of the cast: a name, and the tile on which the bust stands (a colour of tokens.css)."""

    name: str
    tile: str


CAST = {
    "ba": Character("bà Lan", "rose"),
    "ong": Character("ông Tư", "sand"),
    "me": Character("chị Hoa", "sun"),
    "hoc-sinh": Character("em Minh", "sky"),
    "ban-hang": Character("chị Sáu", "mint"),
    "can-bo": Character("anh Dũng", "lilac"),
    "co-giao": Character("cô Páo", "sand"),
    "sinh-vien": Character("bạn Na", "mint"),
}
PLACES = ("nha", "thuyen", "ganh")  # the hamlet's house; a boat that seeks its way; baskets with nothing in them

_EYES = f'<g fill="{INK}"><circle cx="41" cy="46.5" r="2.2"/><circle cx="55" cy="46.5" r="2.2"/></g>'
_LINE = f'fill="none" stroke="{INK}" stroke-width="2" stroke-linecap="round"'
_BROWS = '<path d="{}" fill="none" stroke="{}" stroke-width="1.8" stroke-linecap="round"/>'
_MOODS = {
    "happy": (
        "M37 39.5q3.5-3 7-1m8 0q3.5-2 7 1",
        f'<path d="M38 47.5q3-4.5 6 0m8 0q3-4.5 6 0" {_LINE}/>'
        + f'<path d="M41 55h14q-1 8.5-7 8.5t-7-8.5z" fill="{INK}"/>'
        + '<path d="M43 55h10v2H43z" fill="#fff"/>',
    ),
    "worried": (
        "M37 41.5l6.5-3m9 0l6.5 3",
        f'{_EYES}<path d="M43 59.5q5-4 10 0" {_LINE}/>' + '<path d="M70 30q4 6 0 8-4-2 0-8z" fill="#6fb4d8"/>',
    ),
}
MOODS = ("calm", *_MOODS)
# Who stands beside the lessons of an audience, in turn.
_BESIDE = {
    "elderly": ("ba", "ong"),
    "pupils-primary": ("hoc-sinh",),
    "pupils-lower-secondary": ("hoc-sinh", "sinh-vien"),
    "pupils-upper-secondary": ("hoc-sinh", "sinh-vien"),
    "students": ("sinh-vien",),
    "teachers": ("co-giao",),
    "officials": ("can-bo",),
    "parents": ("me",),
}
_EVERYBODY = ("me", "ban-hang", "sinh-vien", "can-bo", "co-giao", "ong")


def beside(audience: str, number: int = 1) -> str:
    """Who of the cast stands beside the lesson with that number in a programme for an audience."""
    those = _BESIDE.get(audience, _EVERYBODY)
    return those[(number - 1) % len(those)]


@cache
def bust(key: str, mood: str = "calm") -> str:
    """The SVG text of a bust."""
    drawing = _read(key)
    if mood == "calm":
        return drawing
    brows, face = _MOODS[mood]
    colour = re.search(r'<g class="mood"><g [^>]*stroke="(#\w+)"', drawing)
    assert colour, key
    changed = f'<g class="mood">{_BROWS.format(brows, colour[1])}{face}</g>'
    return re.sub(r'<g class="mood">.*?</g>.*?</g>.*?</g>', changed, drawing, count=1)


@cache
def place(key: str) -> str:
    """The SVG text of a place."""
    return _read(key)


def _read(key: str) -> str:
    return (FOLDER / f"{key}.svg").read_text("utf-8").strip()


def inline(drawing: str, classes: str) -> str:
    """A drawing inside a page, where it says nothing that the words do not say."""
    head = f'<svg class="{classes}" aria-hidden="true" focusable="false" viewBox'
    return drawing.replace('<svg xmlns="http://www.w3.org/2000/svg" viewBox', head, 1)

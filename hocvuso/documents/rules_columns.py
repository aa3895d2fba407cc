"""How wide the columns of a printed table are, and whether the table asks for a page on its side; pure functions."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

SIZE = 12  # points of a cell's text
_BESIDE_MM = 4.5  # what stands left and right of a cell's text
_READABLE_MM = 30  # a column of sentences, below which a line holds two or three syllables
_LONGEST_MM = 150  # no text asks for more: the rest goes on further lines
_MM = SIZE * 25.4 / 72  # one em
_NARROW, _WIDE = "fijlrtI.,;:-/'()[]|! ", "mwMW%&@"


def _advance(letter: str) -> float:
    """The width of a letter of Times in ems, on the generous side: heads are bold."""
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 1.0
    return 0.76 if letter.isupper() else 0.56


def width(text: str) -> float:
    """Millimetres that a text takes on one line; marks above and below letters take none."""
    plain = unicodedata.normalize("NFD", text)
    return sum(_advance(letter) for letter in plain if not unicodedata.combining(letter)) * _MM


def floors(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """The narrowest each column may be: its longest word unbroken."""
    texts = [[str(row[n]) for row in [head, *rows]] for n in range(len(head))]
    return [max((width(word) for text in column for word in text.split()), default=0) + _BESIDE_MM for column in texts]


def wishes(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """What each column would take on one line, within reason."""
    texts = [[str(row[n]) for row in [head, *rows]] for n in range(len(head))]
    lines = [max((width(line) for text in column for line in text.splitlines()), default=0) for column in texts]
    return [min(line + _BESIDE_MM, _LONGEST_MM) for line in lines]


def _comfortable(least: Sequence[float], wished: Sequence[float]) -> list[float]:
    return [max(floor, min(wish, _READABLE_MM)) for floor, wish in zip(least, wished, strict=True)]


def is_wide(head: Sequence[str], rows: Sequence[Sequence[str]], space: float) -> bool:
    """Whether a table cannot be read comfortably in `space` millimetres."""
    return sum(_comfortable(floors(head, rows), wishes(head, rows))) > space


def widths(head: Sequence[str], rows: Sequence[Sequence[str]], space: float) -> list[float]:
    """Column widths in millimetres that fill `space`; words stay whole as long as there is room for them."""
    least, wished = floors(head, rows), wishes(head, rows)
    for base in (_comfortable(least, wished), least):
        left = space - sum(base)
        if left >= 0:
            wants = [max(wish - given, 0) for wish, given in zip(wished, base, strict=True)]
            shares = wants if sum(wants) else base
            return [given + left * share / sum(shares) for given, share in zip(base, shares, strict=True)]
    return [space * floor / sum(least) for floor in least]

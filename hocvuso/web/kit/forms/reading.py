"""What was typed, as a value: text, number, day. The one place where fields meet the readers of `base`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hocvuso.base import days, numbers
from hocvuso.base.text import clean


def read_text(text: str, *, lines: bool = False) -> str:
    """Text as it is kept (see `base.text.clean`); on one line, spaces are squeezed too."""
    return clean(text, lines=True) if lines else " ".join(clean(text).split())


def read_number(text: str, *, whole: bool = False) -> Decimal | int | None:
    """A number as the language of the page writes it; nothing for nothing. Raises NotANumber, NotWhole."""
    if not clean(text):
        return None
    found = numbers.read(text, whole=whole)
    return int(found) if whole else found


def written_number(value: Decimal | float) -> str:
    """A number as it stands in an input and as `read_number` reads it: no separators of thousands."""
    return numbers.typed(value)


def read_day(text: str) -> date | None:
    """A day as browsers send it or as people write it; nothing for nothing. Raises NotADay."""
    return days.read(text) if clean(text) else None

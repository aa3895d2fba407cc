"""Numbers as people read them: the separators of the reader's language, and never zero for what is not nothing."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language

type Number = float | Decimal

SHOWN_DECIMALS = 2  # where an indicator does not say


def separated(text: str) -> str:
    """A number written the English way, with the separators of the reader's language."""
    return text if (get_language() or "").startswith("en") else vietnamese(text)


def vietnamese(text: str) -> str:
    """A number written the English way, as documents have it: `1.234,5`."""
    return text.translate(str.maketrans(",.", ".,"))


def least(value: Number, decimals: int) -> str:
    """The smallest number that can be written, where a value above zero would be rounded away; else nothing."""
    return f"{10**-decimals:.{decimals}f}" if value > 0 and not float(f"{value:.{decimals}f}") else ""


def fixed(value: Number, decimals: int = 0) -> str:
    """So many decimals: `1.234,50`; `< 0,01` for what would round to zero."""
    if bound := least(value, decimals):
        return f"< {separated(bound)}"
    return separated(f"{value:,.{decimals}f}")


def trimmed(value: Number) -> str:
    """The decimals that it has, two at most: `1.234,5`, `80`; `< 0,01` for what would round to zero."""
    if least(value, SHOWN_DECIMALS):
        return fixed(value, SHOWN_DECIMALS)
    text = f"{value:,.{SHOWN_DECIMALS}f}".rstrip("0").rstrip(".")
    return separated("0" if text == "-0" else text)

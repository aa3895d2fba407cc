"""How figures are written in templates."""

from __future__ import annotations

from django import template

from hocvuso.base.numbers import Number, trimmed
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure

from ..figures import words

register = template.Library()


@register.filter
def written(figure: Figure | None, indicator: Indicator) -> str:
    """A figure as it is written: `1.234,5`, `<5`, `–`."""
    return words(figure, indicator)


@register.filter
def amount(value: Number | None) -> str:
    """A number with the decimals that it has, two at most: `1.234,5`, `80`; a dash for none."""
    return "–" if value is None else trimmed(value)

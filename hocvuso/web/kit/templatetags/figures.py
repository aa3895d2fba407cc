"""How figures are written in templates."""

from __future__ import annotations

from django import template

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure

from ..figures import words

register = template.Library()


@register.filter
def written(figure: Figure | None, indicator: Indicator) -> str:
    """A figure as it is written: `1.234,5`, `<5`, `–`."""
    return words(figure, indicator)

"""The inputs that Django's own do not serve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dateparse import parse_date


class DayInput(forms.DateInput):
    """The calendar of the browser. It shows ISO dates only: what else was typed is shown as text, and is not lost."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if value and not _is_iso(str(value)):
            context["widget"]["type"] = "text"
        return context


class Radios(forms.RadioSelect):
    """One of a few, each a wide line to tap."""

    template_name = "kit/widgets/options.html"


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, each a wide line to tap."""

    template_name = "kit/widgets/options.html"


def _is_iso(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False

"""The inputs that Django's own do not serve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

CHOOSE = _("Hãy chọn một mục.")


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


class Choice(forms.Select):
    """A list to choose from. Where the value is none of it and nothing may be left out, no entry looks chosen."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        options = [option for _label, several, _index in groups for option in several]
        if not any(value) or any(option["selected"] or option["value"] == "" for option in options):
            return groups
        return [(None, [self.create_option(name, "", str(CHOOSE), True, 0)], 0), *groups]


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

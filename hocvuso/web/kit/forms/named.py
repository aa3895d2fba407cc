"""Fields of things that people call by name: a period, units. What they are called is read as people write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.base import periods
from hocvuso.indicators.services import NotAPeriod
from hocvuso.units.models import Unit
from hocvuso.units.queries import unit_meant, unit_named

from .fields import ListField, TextField

MOST_UNITS = 200
SAID = 60  # characters of what was typed that a fault repeats
UNKNOWN = _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ như trong danh sách đơn vị.")


class PeriodField(TextField):
    """A period by its code (`2026-Q3`): the code as it is kept, "" for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> str:
        if not (text := super().to_python(value)):
            return ""
        try:
            return periods.read(text).code
        except ValueError:
            raise ValidationError(NotAPeriod.says, NotAPeriod.code) from None


class Suggesting(forms.TextInput):
    """One line with a list of suggestions, of which the browser shows those that fit what is typed."""

    template_name = "kit/widgets/suggesting.html"
    suggested: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the suggestions."""
        context = super().get_context(name, value, attrs)
        context["widget"]["suggested"] = self.suggested
        if self.suggested:
            context["widget"]["attrs"]["list"] = f"{name}-suggested"
        return context


class NamedUnitField(TextField):
    """A unit by its code or its full name, where they are many: the unit, or None. `within`: those in reach."""

    widget = Suggesting
    default_error_messages = {"unknown": UNKNOWN}
    queryset: Any = None

    def suggest(self, units: Iterable[Unit]) -> None:
        """Units to offer while somebody types."""
        self.widget.suggested = tuple(_shown(unit) for unit in units)

    def to_python(self, value: Any) -> Any:
        if not (text := super().to_python(value)):
            return None
        found = self.read(text, Unit.objects.all() if self.queryset is None else self.queryset.all())
        if found is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"typed": text[:SAID]})
        return found

    def read(self, text: str, among: Any) -> Unit | None:
        """The unit that is called so."""
        return unit_named(text, among)

    def prepare_value(self, value: Any) -> Any:
        return _shown(value) if isinstance(value, Unit) else value


class AskedUnitField(NamedUnitField):
    """The unit that a list is narrowed to: also by words of which it is the highest bearer."""

    default_error_messages = {
        "unknown": _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ hơn."),
    }

    def read(self, text: str, among: Any) -> Unit | None:
        """The unit that is meant."""
        return unit_meant(text, among)


class NamedUnitsField(ListField):
    """Units, one a line, by code or full name: a list of units. Each line that names none is said."""

    def to_python(self, value: Any) -> Any:
        lines = super().to_python(value)
        if len(lines) > MOST_UNITS:
            raise ValidationError(_("Ghi không quá %(most)s đơn vị.") % {"most": MOST_UNITS}, "too-many")
        found = {line: unit_named(line, Unit.objects.all()) for line in lines}
        if unknown := [line for line in lines if found[line] is None]:
            raise ValidationError([UNKNOWN % {"typed": line[:SAID]} for line in unknown[:5]])
        return list({unit.pk: unit for unit in found.values() if unit}.values())

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return "\n".join(_shown(unit) for unit in value)


def _shown(unit: Unit) -> str:
    """A unit as its field shows it, and as it is read again."""
    return f"{unit.code} · {unit.name}"

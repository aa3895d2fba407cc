"""Fields of things that people call by name: a period, a unit. What they are called is read as people write it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.base import periods
from hocvuso.base.text import clean, fold
from hocvuso.indicators.services import NotAPeriod
from hocvuso.units.models import Unit

from .fields import FILL_IN, TextField, WithAttributes

LONGEST_NAME = 400  # of a unit, with its code
MOST_ALIKE = 20


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


class NamedUnitField(WithAttributes, forms.Field):
    """A unit of those in reach, which the view gives (`within`), by its code or its full name, where they are many."""

    default_error_messages = {
        "required": FILL_IN,
        "unknown": _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ như trong danh sách đơn vị."),
    }
    queryset: Any = None

    def to_python(self, value: Any) -> Unit | None:
        if not (text := clean(str(value or ""))):
            return None
        found = self._named(text) if len(text) <= LONGEST_NAME else None
        if found is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"typed": text[:60]})
        return found

    def _named(self, text: str) -> Unit | None:
        by_code: Unit | None = self.queryset.filter(code__iexact=text.partition(" · ")[0]).first()
        if by_code or not (name := fold(text)):
            return by_code
        alike = [unit for unit in self.queryset.filter(search__startswith=name)[:MOST_ALIKE] if fold(unit.name) == name]
        return alike[0] if len(alike) == 1 else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code} · {value.name}" if isinstance(value, Unit) else value

"""A unit named by people, with its code or its name, as a field of forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.text import fold
from hocvuso.units.models import Unit

from ...kit import forms

MOST_UNITS = 200
_LONGEST = 300  # of a name; what is longer names none


class WhichUnit(Refusal):
    """No unit, or several, by this name or code."""

    code = "which-unit"
    says = _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ như trong danh sách đơn vị.")


class NotFound(WhichUnit):
    """A list is narrowed to a unit that is not there."""

    says = _("Không rõ “%(typed)s” là đơn vị nào. Hãy ghi mã hoặc tên đầy đủ hơn.")


def unit(typed: str, field: str) -> Unit | None:
    """A unit by its code or its full name; nothing is no unit. Raises WhichUnit."""
    typed = typed.strip()
    if not typed:
        return None
    found = _named_so(typed[:_LONGEST])
    if found is None:
        raise WhichUnit(field=field, typed=typed[:60])
    return found


def _named_so(typed: str) -> Unit | None:
    code = typed.split(" · ")[0]
    if found := Unit.objects.filter(code__iexact=code).first():
        return found
    named = [u for u in Unit.objects.filter(search__startswith=fold(typed))[:20] if fold(u.name) == fold(typed)]
    return named[0] if len(named) == 1 else None


def unit_asked(typed: str) -> Unit | None:
    """The unit that a filter names: by code, by its full name, or by words of which it is the highest bearer."""
    typed = typed.strip()[:_LONGEST]
    return (_named_so(typed) or _highest_named(typed)) if fold(typed) else None


def _highest_named(typed: str) -> Unit | None:
    """Of units whose name holds these words, the highest, if there is one: “tây ninh” is its department."""
    found = list(Unit.objects.filter(holding(typed)).order_by(Length("path"), "path")[:2])
    deep = [u.path.count(".") for u in found]
    return found[0] if len(found) == 1 or (found and deep[0] < deep[1]) else None


def named(found: Unit | None) -> str:
    """A unit as its field shows it, and as `unit` reads it."""
    return f"{found.code} · {found.name}" if found else ""


class Suggesting(TextInput):
    """One line with a list of suggestions, of which the browser shows those that fit what is typed."""

    template_name = "office/plans/suggesting.html"
    suggested: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggested"] = self.suggested
        context["widget"]["attrs"]["list"] = f"{name}-suggested"
        return context


class NamedUnitField(forms.TextField):
    """A unit by its code or full name: the unit, or None. `within`, where the view gives it, are those in reach."""

    widget = Suggesting
    queryset: Any = None

    def suggest(self, units: Iterable[Unit]) -> None:
        """Units to offer while somebody types."""
        self.widget.suggested = tuple(named(found) for found in units)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return self.read(typed) if typed else None

    def read(self, typed: str) -> Unit:
        """The unit of this name or code."""
        found = _named_so(typed[:_LONGEST])
        if found is None or (self.queryset is not None and not self.queryset.filter(pk=found.pk).exists()):
            raise ValidationError(str(WhichUnit(typed=typed[:60])), WhichUnit.code)
        return found

    def prepare_value(self, value: Any) -> Any:
        return named(value) if isinstance(value, Unit) else value


class AskedUnitField(NamedUnitField):
    """The unit that a list is narrowed to: also by words of which it is the highest bearer."""

    def read(self, typed: str) -> Unit:
        found = unit_asked(typed)
        if found is None:
            raise ValidationError(str(NotFound(typed=typed[:60])), NotFound.code)
        return found


class NamedUnitsField(forms.ListField):
    """Units, one a line, by code or full name: a list of units. Each line that names none is said."""

    def to_python(self, value: Any) -> Any:
        lines = super().to_python(value)
        if len(lines) > MOST_UNITS:
            raise ValidationError(_("Ghi không quá %(most)s đơn vị.") % {"most": MOST_UNITS}, "too-many")
        found = {line: _named_so(line[:_LONGEST]) for line in lines}
        unknown = [line for line in lines if found[line] is None]
        if unknown:
            raise ValidationError([str(WhichUnit(typed=line[:60])) for line in unknown[:5]])
        return list({read.pk: read for read in found.values() if read}.values())

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return "\n".join(named(found) for found in value)

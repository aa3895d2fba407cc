"""The part of forms that chooses many units at once; and the units for which one acts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import tops_of_reach
from hocvuso.people.rules import May
from hocvuso.units import queries as units
from hocvuso.units.models import Unit

from . import forms


class UnknownCodes(Refusal):
    """Codes that name no unit there."""

    code = "unknown-codes"
    says = _("Không có đơn vị mang mã: %(codes)s.")


def own_units(person: Person, permission: May) -> list[Unit]:
    """Units at which the person's roles give a permission: those for which they act."""
    return list(dict.fromkeys(tops_of_reach(person, permission)))


def own_unit_rows(person: Person, permission: May) -> QuerySet[Unit]:
    """The same as rows to choose from in a form."""
    return Unit.objects.filter(pk__in=[unit.pk for unit in own_units(person, permission)])


class ChooserForm(forms.Form):
    """Chooses units in the sphere of the unit of its `row`: all of some kinds, and those named by code."""

    html_names = {"kinds": "kind"}
    kinds = forms.ChoicesField(label=_("Mọi đơn vị thuộc loại"), required=False)
    within = forms.UnitField(label=_("Chỉ trong"), blank=_("mọi tỉnh, thành phố"), required=False)
    codes = forms.LinesField(
        label=_("Và các đơn vị có mã"),
        help_text=_("Cách nhau bằng dấu cách, dấu phẩy hoặc xuống dòng."),
        max_length=50_000,
        rows=2,
        required=False,
    )
    chosen: list[Unit]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = units.provinces(self.row.unit) if self.row else Unit.objects.none()
        kinds: Any = self.fields["kinds"]
        within: Any = self.fields["within"]
        kinds.choices = units.kinds_there(self.row.unit) if self.row else []
        within.queryset = there
        if not there.exists():
            del self.fields["within"]

    @classmethod
    def values_of(cls, row: Any) -> dict[str, Any]:
        return {"version": row.version} if "version" in cls.base_fields else {}

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not self.errors:
            self.chosen, unknown = units.units_chosen(
                by_unit=self.row.unit, kinds=typed["kinds"], within=typed.get("within"), codes=typed["codes"]
            )
            if unknown:
                self.add_error("codes", str(UnknownCodes(codes=", ".join(unknown[:10]))))
        return typed

"""The part of forms that chooses many units at once; and the units for which one acts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import tops_of_reach
from hocvuso.people.rules import May
from hocvuso.units import queries as units
from hocvuso.units.models import Unit


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


def chooser(request: HttpRequest, by_unit: Unit) -> dict[str, Any]:
    """What `office/chooser.html` offers: kinds and provinces in the sphere of `by_unit`, and what was ticked."""
    return {
        "kinds": units.kinds_there(by_unit),
        "provinces": units.provinces(by_unit),
        "ticked": request.POST.getlist("kind"),
    }


def chosen_units(request: HttpRequest, by_unit: Unit) -> list[Unit]:
    """The units that the form chooses. Raises UnknownCodes."""
    within = next((p for p in units.provinces(by_unit) if str(p.pk) == request.POST.get("within")), None)
    chosen, unknown = units.units_chosen(
        by_unit=by_unit, kinds=request.POST.getlist("kind"), within=within, codes=request.POST.get("codes", "")
    )
    if unknown:
        raise UnknownCodes(field="codes", codes=", ".join(unknown[:10]))
    return chosen

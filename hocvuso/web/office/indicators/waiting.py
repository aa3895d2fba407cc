"""What of figures waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from hocvuso.base.periods import named
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.rules_quality import explain
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from .. import today
from ..choosing import own_units


@today.listed(_("Số liệu cần giải trình"), more=reverse_lazy("flags"), order=28)
def figures_doubted(person: Person) -> list[today.Row]:
    """Doubts about figures of units for which I act, that nobody has explained."""
    own = own_units(person, May.DECLARE)
    rows = list(Flag.objects.filter(state=Flag.State.OPEN, unit__in=own).select_related("unit")[: today.SHOWN])
    titles = dict(
        Indicator.objects.current().filter(key__in={row.indicator for row in rows}).values_list("key", "title")
    )
    return [
        today.Row(
            f"{titles.get(row.indicator, row.get_kind_display())} · {named(row.period)} · {row.unit}",
            reverse("flags", query={"don-vi": row.unit_id, "ky": row.period}),
            note=explain(row.detector, row.facts),
        )
        for row in rows
    ]

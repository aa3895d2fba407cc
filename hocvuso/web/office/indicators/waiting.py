"""What of figures waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse

from hocvuso.base.periods import named
from hocvuso.indicators.models import Flag, Indicator
from hocvuso.indicators.rules_quality import explain
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.choosing import own_units
from ...kit.subjects import ROWS, WorkItem


def figures_doubted(person: Person) -> list[WorkItem]:
    """Doubts about figures of units for which I act, that nobody has explained."""
    own = own_units(person, May.DECLARE)
    rows = list(Flag.objects.filter(state=Flag.State.OPEN, unit__in=own).select_related("unit")[:ROWS])
    titles = dict(
        Indicator.objects.current().filter(key__in={row.indicator for row in rows}).values_list("key", "title")
    )
    return [
        WorkItem(
            f"{titles.get(row.indicator, row.get_kind_display())} · {named(row.period)} · {row.unit}",
            reverse("flags", query={"don-vi": row.unit_id, "ky": row.period}),
            note=explain(row.detector, row.facts),
        )
        for row in rows
    ]

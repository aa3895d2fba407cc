"""What a document says, composed from the noun it is about: the fields of a draft, in Vietnamese."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation

from ..models import Consultation, Inspection, Plan, Report, Review, Task
from .consulting import of_consultation
from .inspecting import of_inspection
from .planning import of_plan, of_task
from .reporting import of_report, of_review

COMPOSERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Plan: of_plan,
    Task: of_task,
    Report: of_report,
    Review: of_review,
    Consultation: of_consultation,
    Inspection: of_inspection,
}


def compose(subject: Any) -> dict[str, Any]:
    """The fields of a draft about `subject`. Raises KeyError for a noun that no document is about."""
    with translation.override("vi"):
        return COMPOSERS[type(subject)](subject)


def visible(model: Any, person: Any) -> Any:
    """The nouns of a kind that this person may see; a task is seen with its plan."""
    if model is Task:
        return Task.objects.filter(plan__in=Plan.objects.visible_to(person)).select_related("plan", "lead_unit")
    return model.objects.visible_to(person)

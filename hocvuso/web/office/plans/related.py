"""What stands around a task on its page: a document about it, urging, the schemes it counts for, its finding."""

from __future__ import annotations

from typing import Any

from hocvuso.inspections.models import Finding
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries.linking import schemes_of
from hocvuso.reminders.queries import owed_one

from ...kit.choosing import own_units


def related(person: Person, task: Task) -> dict[str, Any]:
    """Links that only lead where the person may go."""
    remedies = task.plan.kind == Plan.Kind.REMEDIES
    kind = "remedy" if remedies else "task"
    own = task.lead_unit in own_units(person, May.PLAN)
    return {
        "may_compose": may_anywhere(person, May.PLAN),
        "urge": kind if not own and owed_one(person, kind, task.pk) else "",
        "schemes": schemes_of(task, viewer=person),
        "finding": Finding.objects.visible_to(person).filter(remedy__task=task).first() if remedies else None,
    }

"""`hocvuso rebuild`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from hocvuso.learning import services
from hocvuso.learning.models import LessonProgress, ReviewCard
from hocvuso.people.models import Person
from hocvuso.records.models import Statement

EVERY = 100  # people between two lines of progress


def rebuild() -> int:
    """Fold the statements of every learner again, one learner at a time; the site may go on meanwhile."""
    kept = [Exists(model.objects.filter(person=OuterRef("pk"))) for model in (Statement, LessonProgress, ReviewCard)]
    people = list(Person.objects.filter(kept[0] | kept[1] | kept[2]).order_by("pk"))
    statements = 0
    for done, person in enumerate(people, 1):
        statements += services.rebuild(person=person)
        if done % EVERY == 0 or done == len(people):
            print(f"{done}/{len(people)} people, {statements} statements", flush=True)
    if not people:
        print("nobody has learned anything yet")
    return 0

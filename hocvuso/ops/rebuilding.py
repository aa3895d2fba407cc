"""`hocvuso rebuild`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from hocvuso.base.batches import Batch, each, strike_off
from hocvuso.base.models import NotTaken
from hocvuso.learning import services
from hocvuso.learning.models import LessonProgress, ReviewCard
from hocvuso.people.models import Person
from hocvuso.records.models import Statement
from hocvuso.records.queries import READING

EVERY = 100  # people between two lines of progress


def rebuild() -> int:
    """Fold the statements of every learner again, one learner at a time; the site may go on meanwhile."""
    kept = [Exists(model.objects.filter(person=OuterRef("pk"))) for model in (Statement, LessonProgress, ReviewCard)]
    people = Person.objects.filter(kept[0] | kept[1] | kept[2]).order_by("pk")
    count, done, statements = people.count(), 0, 0

    def one(person: Person) -> int:
        nonlocal done, statements
        done += 1
        folded = services.rebuild(person=person)
        statements += folded
        if done % EVERY == 0 or done == count:
            print(f"{done}/{count} people, {statements} statements", flush=True)
        return folded

    strike_off(READING, NotTaken.objects.filter(batch=READING.word).values_list("thing", flat=True))
    each(people, one, batch=REBUILDING)
    if not count:
        print("nobody has learned anything yet")
    if left := NotTaken.objects.filter(batch__in=[REBUILDING.word, READING.word]).count():
        print(f"{left} could not be taken: see hocvuso doctor")
    return 1 if left else 0


def _again(name: str) -> None:
    services.rebuild(person=Person.objects.get(pk=name.partition(":")[2]))


REBUILDING = Batch("rebuild", _("tính lại tiến độ của người học"), _again)

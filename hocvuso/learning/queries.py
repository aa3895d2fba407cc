"""Questions about one learner's own learning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from hocvuso.base.numbers import separated
from hocvuso.library import queries as library
from hocvuso.library.models import Lesson
from hocvuso.people.models import Person
from hocvuso.units.models import Place

from .models import Enrolment, LearnersNearby, LessonProgress, ReviewCard, ReviewReminder, WeeklyGoal
from .rules import chain, goal_in, week_of


@dataclass(frozen=True)
class Standing:
    """A person in one programme: what is done of how many, where to go on."""

    programme: Any
    title: str
    title_en: str
    done: int
    total: int
    next: Lesson | None
    last_at: datetime | None

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


def state_of(person: Person, programme_key: str | None = None) -> dict[str, dict[str, Any]]:
    """Progress by lesson address, {state, best, at}, in one programme or in all: `at` is when it was done, or last."""
    rows = LessonProgress.objects.filter(person=person)
    if programme_key is not None:
        rows = rows.filter(lesson__programme__key=programme_key)
    return {
        address: {"state": state, "best": best, "at": (done_at or last_at).isoformat()}
        for address, state, best, last_at, done_at in rows.values_list(
            "lesson__address", "state", "best", "last_at", "done_at"
        )
    }


def my_learning(person: Person) -> list[Standing]:
    """Every programme the person is in, latest first. Three queries, whatever the number of programmes."""
    enrolments = list(
        Enrolment.objects.filter(person=person).select_related("programme", "edition", "programme__current")
    )
    progress = {row.lesson_id: row for row in LessonProgress.objects.filter(person=person)}
    lessons = Lesson.objects.filter(programme__in=[e.programme_id for e in enrolments], listed=True)
    by_programme: dict[Any, list[Lesson]] = {}
    for lesson in lessons.order_by("position"):
        by_programme.setdefault(lesson.programme_id, []).append(lesson)
    standings = [_standing(e, by_programme.get(e.programme_id, []), progress) for e in enrolments]
    return sorted(standings, key=lambda s: s.last_at or timezone.now(), reverse=True)


def _standing(enrolment: Enrolment, lessons: list[Lesson], progress: dict[Any, LessonProgress]) -> Standing:
    edition = enrolment.programme.current or enrolment.edition
    rows = [progress[lesson.pk] for lesson in lessons if lesson.pk in progress]
    done = {row.lesson_id for row in rows if row.state == LessonProgress.State.DONE}
    left = [lesson for lesson in lessons if lesson.pk not in done]
    for lesson in left:
        lesson.programme = enrolment.programme
    return Standing(
        programme=enrolment.programme,
        title=edition.content["title"],
        title_en=edition.content["title_en"],
        done=len(done),
        total=len(lessons),
        next=left[0] if left else None,
        last_at=max((row.last_at for row in rows), default=None),
    )


def _due(person: Person, at: datetime | None) -> list[int]:
    """Cards that are due, the most overdue first; of questions that the present edition has, and no others."""
    until = at or timezone.now()
    cards = ReviewCard.objects.filter(person=person, due__lte=until, lesson__listed=True).order_by("due")
    rows = cards.values_list("pk", "lesson__key", "item", "lesson__programme__current__bundle")
    return [pk for pk, lesson, item, bundle in rows if bundle and (lesson, item) in library.check_keys(bundle)]


@dataclass(frozen=True)
class Nearby:
    """How many people of a commune have learned each programme, by its key; those too few to be told are not there."""

    place: str
    people: dict[str, int]

    def words(self, programme_key: str) -> str:
        """That in a sentence, which says so when they are too few."""
        if n := self.people.get(programme_key, 0):
            return ngettext(
                "Ở %(place)s, %(n)s người đã học chương trình này.",
                "Ở %(place)s, %(n)s người đã học chương trình này.",
                n,
            ) % {"place": self.place, "n": separated(f"{n:,}")}
        return gettext("Ở %(place)s chưa đủ người học chương trình này để nói con số.") % {"place": self.place}


def nearby(person: Person) -> Nearby | None:
    """Of the commune where the person says they live; None when they said none. Two queries of a row each, no count."""
    place = person.home_place_id and Place.objects.communes().filter(pk=person.home_place_id).first()
    if not place:
        return None
    counted = LearnersNearby.objects.filter(place=place).values_list("programme__key", "people")
    return Nearby(place.name, dict(counted))


@dataclass(frozen=True)
class Week:
    """This week of a learner: lessons done, the goal, and how many weeks in a row reached theirs."""

    done: int
    goal: int
    chain: int

    @property
    def left(self) -> int:
        return max(0, self.goal - self.done)


def this_week(person: Person) -> Week:
    """How the week stands, by the calendar of where people live: it begins on Monday."""
    this = week_of(timezone.localdate())
    times = LessonProgress.objects.filter(person=person, done_at__isnull=False).values_list("done_at", flat=True)
    done = Counter(week_of(timezone.localdate(at)) for at in times)
    chosen: dict[date, int] = dict(WeeklyGoal.objects.filter(person=person).values_list("since", "lessons"))
    return Week(done[this], goal_in(this, chosen), chain(done, chosen, this))


def review_reminder(person: Person) -> ReviewReminder | None:
    """How the learner asked to be called back to reviews; also when that has ended."""
    return ReviewReminder.objects.filter(person=person).first()


def due_reviews(person: Person, *, limit: int = 10, at: datetime | None = None) -> list[ReviewCard]:
    """Items about to be forgotten, the most overdue first."""
    cards = ReviewCard.objects.filter(pk__in=_due(person, at)[:limit])
    return list(cards.select_related("lesson__programme__current").order_by("due"))


def due_count(person: Person, *, at: datetime | None = None) -> int:
    """How many items are due for review, now or `at` a time."""
    return len(_due(person, at))

"""Questions about what is published: catalogue, goals."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery

from hocvuso.people.models import Person

from .models import Edition, Lesson, LessonSound, Programme
from .publishing import sources
from .publishing.comparing import Changed, changed
from .rendering import icons
from .rendering.checks import render_check
from .source.schema import ItemSource

SOUND = "bai.weba"  # in the folder of a spoken lesson, beside its script


def published() -> QuerySet[Programme]:
    """Programmes with a published edition, each with that edition; its test items come when they are asked for."""
    return Programme.objects.filter(current__isnull=False).select_related("current").defer("current__items")


def listed_lessons() -> QuerySet[Lesson]:
    """Lessons of published editions, with their programme, in order."""
    return Lesson.objects.filter(listed=True).select_related("programme")


def most_learned(count: int) -> QuerySet[Lesson]:
    """The lessons that most people learned lately; of those that nobody did the first ones of each programme."""
    return (
        Lesson.objects.filter(listed=True)
        .select_related("programme")
        .order_by("-learners", "position", "programme__position", "address")[:count]
    )


def latest_editions(person: Person) -> list[Edition]:
    """Of every programme the latest edition that the person works with, published or not."""
    seen = Edition.objects.visible_to(person)
    latest = seen.filter(programme=OuterRef("programme")).order_by("-number").values("pk")[:1]
    return list(seen.filter(pk=Subquery(latest)).select_related("programme", "written_by", "unit"))


def edition_before(edition: Edition) -> Edition | None:
    """What an edition is compared with: the one that is published, or else the one before it."""
    current = edition.programme.current
    if current and current != edition:
        return current
    return edition.programme.editions.filter(number__lt=edition.number).first()


def changes(edition: Edition, before: Edition) -> list[Changed] | None:
    """Files of the source that differ between two editions; None where a source is not kept."""
    old, new = sources.opened(before.source_hash), sources.opened(edition.source_hash)
    return None if old is None or new is None else changed(old, new)


def article(edition: Edition, lesson_key: str) -> str:
    """The compiled article of a lesson, from the bundle."""
    return (settings.BUNDLES / edition.bundle / "lessons" / lesson_key / "article.html").read_text("utf-8")


def guide(edition: Edition, lesson_key: str) -> str:
    """The teacher's guide of a lesson, from the bundle."""
    return (settings.BUNDLES / edition.bundle / "lessons" / lesson_key / "guide.html").read_text("utf-8")


def slides(edition: Edition, lesson_key: str) -> str:
    """The slides of a lesson, from the bundle."""
    return (settings.BUNDLES / edition.bundle / "lessons" / lesson_key / "slides.html").read_text("utf-8")


def speaks() -> bool:
    """Whether this site is to speak its lessons."""
    return bool(settings.ENV["HOCVUSO_SPEECH"] != "off")


def sound_of(edition: Edition, lesson_key: str) -> LessonSound | None:
    """The spoken form of a lesson as this edition has it, while the site speaks."""
    if not speaks():
        return None
    return LessonSound.objects.filter(
        lesson__programme=edition.programme_id, lesson__key=lesson_key, bundle=edition.bundle
    ).first()


def sounds_of(edition: Edition) -> int:
    """How many lessons of an edition are spoken."""
    return LessonSound.objects.filter(lesson__programme=edition.programme_id, bundle=edition.bundle).count()


def spoken() -> set[str]:
    """The addresses of all lessons that are spoken as their published edition has them."""
    if not speaks():
        return set()
    current = LessonSound.objects.filter(lesson__listed=True, lesson__programme__current__bundle=F("bundle"))
    return set(current.values_list("lesson__address", flat=True))


def script_of(sound: LessonSound) -> list[dict[str, Any]]:
    """What a sound says, paragraph by paragraph: `kind`, `shown`, `at` which second."""
    told = json.loads((settings.BUNDLES / sound.folder / "script.json").read_text("utf-8"))
    paragraphs: list[dict[str, Any]] = told["paragraphs"]
    return paragraphs


@lru_cache(maxsize=64)
def check_keys(bundle: str) -> frozenset[tuple[str, str]]:
    """(lesson, item) of every check question of a bundle; a bundle never changes."""
    lessons = json.loads((settings.BUNDLES / bundle / "index.json").read_text("utf-8"))["lessons"]
    return frozenset((key, item) for key, lesson in lessons.items() for item in lesson["checks"])


@lru_cache(maxsize=64)
def check_questions(bundle: str) -> dict[str, ItemSource]:
    """Every check question of a bundle, by lesson/item; a bundle never changes."""
    lessons = sorted({lesson for lesson, _item in check_keys(bundle)})
    found = [(lesson, check) for lesson in lessons for check in _checks(bundle, lesson)]
    return {f"{lesson}/{check['key']}": ItemSource.model_validate(check) for lesson, check in found}


def _checks(bundle: str, lesson: str) -> list[dict[str, Any]]:
    path = settings.BUNDLES / bundle / "lessons" / lesson / "practice.json"
    checks: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["checks"]
    return checks


def check_question(lesson: Lesson, item: str) -> str | None:
    """One check question of a published lesson as HTML; None when the edition has it no more."""
    edition = lesson.programme.current
    if edition is None or lesson.key not in edition.content["lessons"]:
        return None
    found = next((c for c in _checks(edition.bundle, lesson.key) if c["key"] == item), None)
    return render_check(ItemSource.model_validate(found), lesson=lesson.address) if found else None


def icon(name: str) -> str:
    """An icon as inline SVG; an unknown name gives the fallback, so that a list never breaks for it."""
    try:
        return icons.inline(name)
    except icons.UnknownIcon:
        return icons.inline(icons.FALLBACK)

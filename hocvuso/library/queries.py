"""Questions about what is published: catalogue, goals, search."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, batched, pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from hocvuso.base.text import fold, undo_telex
from hocvuso.people.models import Person

from .models import Edition, Lesson, Programme, SearchTerm
from .rendering import icons
from .rendering.checks import render_check
from .source.schema import ItemSource

MAX_QUERY_WORDS = 12
MOST_COMPARED = 300  # lessons that a search weighs against each other


def published() -> QuerySet[Programme]:
    """Programmes with a published edition, each with that edition."""
    return Programme.objects.filter(current__isnull=False).select_related("current")


def listed_lessons() -> QuerySet[Lesson]:
    """Lessons of published editions, with their programme, in order."""
    return Lesson.objects.filter(listed=True).select_related("programme")


def latest_editions(person: Person) -> list[Edition]:
    """Of every programme the latest edition that the person works with, published or not."""
    seen = Edition.objects.visible_to(person)
    latest = seen.filter(programme=OuterRef("programme")).order_by("-number").values("pk")[:1]
    return list(seen.filter(pk=Subquery(latest)).select_related("programme", "written_by", "unit"))


def article(edition: Edition, lesson_key: str) -> str:
    """The compiled article of a lesson, from the bundle."""
    return (settings.BUNDLES / edition.bundle / "lessons" / lesson_key / "article.html").read_text("utf-8")


def guide(edition: Edition, lesson_key: str) -> str:
    """The teacher's guide of a lesson, from the bundle."""
    return (settings.BUNDLES / edition.bundle / "lessons" / lesson_key / "guide.html").read_text("utf-8")


def check_question(lesson: Lesson, item: str) -> str | None:
    """One check question of a published lesson as HTML; None when the edition has it no more."""
    edition = lesson.programme.current
    if edition is None or lesson.key not in edition.content["lessons"]:
        return None
    path = settings.BUNDLES / edition.bundle / "lessons" / lesson.key / "practice.json"
    checks = json.loads(path.read_text("utf-8"))["checks"]
    found = next((c for c in checks if c["key"] == item), None)
    return render_check(ItemSource.model_validate(found), lesson=lesson.address) if found else None


def icon(name: str) -> str:
    """An icon as inline SVG; an unknown name gives the fallback, so that a list never breaks for it."""
    try:
        return icons.inline(name)
    except icons.UnknownIcon:
        return icons.inline(icons.FALLBACK)


@dataclass(frozen=True)
class Found:
    """The lessons found, best first, and the words that were mended to find them."""

    lessons: list[Lesson]
    mended: dict[str, str]


def search(text: str, *, limit: int = 20) -> Found:
    """Lessons for a query that may lack diacritics, hold telex leftovers or typing slips."""
    words = fold(text).split()[:MAX_QUERY_WORDS]
    if not words:
        return Found([], {})
    known = _vocabulary(_index_version())
    mended: dict[str, str] = {}
    chosen = []
    for word in words:
        best = _mend(word, known)
        chosen.append(best)
        if best != word and best != undo_telex(word):
            mended[word] = best
    looked_for = {*chosen, *("_".join(pair) for pair in pairwise(chosen))}
    return Found(_first_listed(_ranked(looked_for & known.lessons.keys(), known), limit), mended)


def _first_listed(ids: list[UUID], limit: int) -> list[Lesson]:
    """The first lessons that are listed. Nearly all are: as many are read as are wanted, and more only if need be."""
    found: list[Lesson] = []
    for part in batched(ids, limit):
        lessons = Lesson.objects.select_related("programme").in_bulk(part)
        found += [lessons[i] for i in part if lessons[i].listed]
        if len(found) >= limit:
            break
    return found[:limit]


def _ranked(looked_for: set[str], known: Vocabulary) -> list[UUID]:
    """Lessons with most of the terms first, then by weight. The rarest terms choose which lessons are compared at all:
    a word that stands nearly everywhere only orders what the others found.
    """
    by_rarity = sorted(looked_for, key=lambda term: (known.lessons[term], term))
    sums = accumulate(known.lessons[term] for term in by_rarity)
    few = max(1, sum(total <= MOST_COMPARED for total in sums))
    terms = SearchTerm.objects.values_list("lesson", "weight")
    chosen = list(terms.filter(term__in=by_rarity[:few]).order_by("-weight")[:MOST_COMPARED])
    compared = {lesson for lesson, _weight in chosen}
    if by_rarity[few:]:
        chosen += terms.filter(term__in=by_rarity[few:], lesson__in=compared)
    hits = Counter(lesson for lesson, _weight in chosen)
    score: Counter[UUID] = Counter()
    for lesson, weight in chosen:
        score[lesson] += weight
    return sorted(compared, key=lambda lesson: (-hits[lesson], -score[lesson], lesson))


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the index: in how many lessons each stands, and its words by first letter and length."""

    lessons: dict[str, int]
    alike: dict[tuple[str, int], list[str]]


def _mend(word: str, known: Vocabulary) -> str:
    """The word itself, without telex leftovers, or the nearest known word within one or two slips."""
    for candidate in (word, undo_telex(word)):
        if candidate in known.lessons:
            return candidate
    slips = 1 if len(word) < 6 else 2
    lengths = range(len(word) - slips, len(word) + slips + 1)
    near = [w for length in lengths for w in known.alike.get((word[0], length), [])]
    found = process.extractOne(undo_telex(word), near, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return found[0] if found else word


def _index_version() -> Any:
    return SearchTerm.objects.aggregate(last=Max("pk"))["last"]


@lru_cache(maxsize=2)
def _vocabulary(version: Any) -> Vocabulary:
    counted = SearchTerm.objects.values_list("term").annotate(lessons=Count("pk")).order_by("-lessons", "term")
    lessons = dict(counted)
    alike: dict[tuple[str, int], list[str]] = {}
    for word in lessons:  # the commonest first: of two words equally near, it is the likelier one
        if "_" not in word:
            alike.setdefault((word[0], len(word)), []).append(word)
    return Vocabulary(lessons, alike)

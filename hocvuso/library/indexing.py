"""The inverted index of lessons, built at publishing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hocvuso.base.text import fold

from .models import Lesson, SearchTerm

TITLE, GOAL, WORDS, BODY, PAIR = 8, 8, 6, 1, 10


def terms(fields: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Folded words, and pairs of neighbours in weighty fields, each with its highest weight."""
    found: dict[str, int] = {}
    for text, weight in fields:
        words = fold(text).split()
        for word in words:
            found[word[:80]] = max(found.get(word[:80], 0), weight)
        if weight > BODY:
            for pair in pairwise(words):
                found["_".join(pair)[:80]] = PAIR
    return found


def index_lesson(lesson: Lesson, words: Iterable[str], text: str) -> None:
    """Replace what finds `lesson`."""
    fields = [
        (lesson.title, TITLE),
        (lesson.title_en, TITLE),
        (lesson.goal, GOAL),
        (lesson.promise, WORDS),
        (text, BODY),
    ]
    fields += [(word, WORDS) for word in words]
    SearchTerm.objects.filter(lesson=lesson).delete()
    SearchTerm.objects.bulk_create(
        [SearchTerm(lesson=lesson, term=term, weight=weight) for term, weight in terms(fields).items()], batch_size=500
    )

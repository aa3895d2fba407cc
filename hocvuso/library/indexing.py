"""The inverted index of lessons, built at publishing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from uuid import UUID

from hocvuso.base.text import fold

from . import lexicon
from .models import Lesson, SearchTerm

TITLE, GOAL, WORDS, CAN_DO, BODY, PAIR = 8, 8, 6, 4, 1, 10
MOST_OF_BODY = 3  # a word counts in the text up to so often
LONGEST_TERM = 80


def terms(fields: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What finds a lesson, each with its highest weight: folded words, the same with their diacritics, pairs of
    neighbours (`lua_dao`), and terms of the lexicon (`=email`). In the text a word weighs more the oftener it stands.
    """
    found: dict[str, int] = {}
    for text, weight in fields:
        words = fold(text).split()
        said = [*words, *accented(text), *lexicon.of_text(text)]
        for term, times in Counter(said).items():
            heavy = min(times, MOST_OF_BODY) if weight == BODY else weight
            found[term[:LONGEST_TERM]] = max(found.get(term[:LONGEST_TERM], 0), heavy)
        for pair in map("_".join, pairwise(words)):
            heavy = BODY if weight == BODY else PAIR
            found[pair[:LONGEST_TERM]] = max(found.get(pair[:LONGEST_TERM], 0), heavy)
    return found


def accented(text: str) -> list[str]:
    """The words of a text that bear diacritics, as they are written: `lúa` is not `lừa`."""
    return [word for word in re.findall(r"\w+", text.lower()) if not word.isascii()]


def index_lesson(lesson: Lesson, words: Iterable[str], can_do: Iterable[str], text: str) -> None:
    """Replace what finds `lesson`: what its author says people call it, what one can do after it, its text."""
    fields = [
        (lesson.title, TITLE),
        (lesson.title_en, TITLE),
        (lesson.goal, GOAL),
        (lesson.goal_en, GOAL),
        (lesson.promise, WORDS),
        *((word, WORDS) for word in words),
        *((sentence, CAN_DO) for sentence in can_do),
        (text, BODY),
    ]
    SearchTerm.objects.filter(lesson=lesson).delete()
    SearchTerm.objects.bulk_create(
        [SearchTerm(lesson=lesson, term=term, weight=weight) for term, weight in terms(fields).items()], batch_size=500
    )


def note_learners(counts: Mapping[UUID, int]) -> None:
    """How many learned each lesson lately, by its id; of those not named nobody did."""
    changed = [lesson for lesson in Lesson.objects.all() if lesson.learners != counts.get(lesson.pk, 0)]
    for lesson in changed:
        lesson.learners = counts.get(lesson.pk, 0)
    Lesson.objects.bulk_update(changed, ["learners"], batch_size=500)

"""Search that forgives missing diacritics, telex leftovers and slips, and says so when there is nothing.

A word tells as much as it is rare (inverse document frequency), and is found the better the weightier the place where a
lesson says it. A lesson is found when it covers at least FLOOR of what the query tells; Vietnamese syllables mean
little alone, so that neighbours found as neighbours count for more than either.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, batched
from math import log
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from hocvuso.base.text import fold, undo_telex

from . import lexicon
from .indexing import PAIR, WORDS, accented, terms
from .models import Lesson, Programme, SearchTerm

MAX_QUERY_WORDS = 12
MOST_COMPARED = 300  # lessons that a search weighs against each other
FLOOR, FLOOR_OF_MENTION = 0.5, 0.3
MOST_MENTIONS = MOST_NAMED = 3
# What a query must tell at least: "làm sao để" asks for nothing.
LEAST_TOLD = 0.5
# How sure a finding is: a pair of the text; the same letters with other diacritics; a word that was mended; a syllable
# without diacritics that none of its neighbours stands beside.
PAIR_OF_TEXT, OTHER_DIACRITICS, MENDED, LONELY = 0.8, 0.3, 0.8, 0.6
SLIGHT = 0.1  # of what it would tell: a word that only holds sentences together


@dataclass(frozen=True)
class Found:
    """The lessons found, best first; when there are none, those that mention it; the words that were mended; and the
    programmes that are named.
    """

    lessons: list[Lesson]
    mended: dict[str, str]
    mentions: list[Lesson]
    programmes: list[Named] = field(default_factory=list)


@dataclass(frozen=True)
class Named:
    """A programme that can be found by its name: its titles, and all that they and its audience say."""

    key: str
    title: str
    title_en: str
    says: frozenset[str]


@dataclass(frozen=True)
class Part:
    """A word of a query, or words that the lexicon takes together. `term` is what is looked for; `accented` the word as
    it was typed, when with diacritics.
    """

    typed: str
    term: str
    accented: str
    told: float

    @property
    def mended(self) -> bool:
        return self.term not in (self.typed, undo_telex(self.typed)) and not self.term.startswith("=")


def search(text: str, *, limit: int = 20) -> Found:
    """Lessons for a query. Three queries to the database, whatever is found; one more when programmes are named."""
    version = _index_version()
    known = _vocabulary(version)
    parts, mended = _asked(text, known)
    if sum(part.told for part in parts) < LEAST_TOLD:
        return Found([], {}, [], _named(parts, version))
    marks = _marks(parts, known)
    above = _first_listed(_above(FLOOR, marks), limit)
    mentions = [] if above else _first_listed(_above(FLOOR_OF_MENTION, marks), MOST_MENTIONS)
    return Found(above, mended if above or mentions else {}, mentions, _named(parts, version))


def suggest(text: str, *, limit: int) -> list[Lesson]:
    """Lessons for what somebody tells at length: for what the lexicon first knows in it, then for all its words."""
    named = [" ".join(words) for words, term in lexicon.parted(fold(text).split()) if term]
    asked = (" ".join(named[:MOST_NAMED]), text)
    found = [search(words, limit=limit) for words in asked if words]
    lessons = sum((one.lessons for one in found), []) or sum((one.mentions for one in found), [])
    return list(dict.fromkeys(lessons))[:limit]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the index: in how many lessons each stands, and its words by first letter and length."""

    lessons: dict[str, int]
    alike: dict[tuple[str, int], list[str]]
    count: int  # of lessons

    def tells(self, word: str, term: str) -> float:
        """What a word tells about what is meant, by how few lessons have it; 0 when none has."""
        told = log(1 + self.count / self.lessons[term]) if term in self.lessons else 0
        return told * SLIGHT if word in lexicon.empty() else told


def _asked(text: str, known: Vocabulary) -> tuple[list[Part], dict[str, str]]:
    """What a query asks for, and the words of it that were mended."""
    words = fold(text).split()[:MAX_QUERY_WORDS]
    used = [_mend(word, known) for word in words]
    mended = {word: put for word, put in zip(words, used, strict=True) if put not in (word, undo_telex(word))}
    return _parts(text, words, used, known), mended


def _named(parts: list[Part], version: Any) -> list[Named]:
    """Published programmes whose title, or for whom they are, says all that is asked."""
    asked = {part.accented or part.term for part in parts if part.typed not in lexicon.empty()}
    if len(asked) < 2 and not any(term.startswith("=") for term in asked):
        return []  # one syllable names nothing
    named = [one for one in _shelves(version) if asked <= one.says]
    listed = Programme.objects.filter(current__isnull=False, key__in=[one.key for one in named]) if named else []
    return [one for one in named if one.key in {programme.key for programme in listed}]


def _parts(text: str, words: list[str], used: list[str], known: Vocabulary) -> list[Part]:
    typed = {fold(word): word for word in accented(text)}
    made: list[Part] = []
    at = 0
    for folded, term in lexicon.parted(used):
        raw = words[at : at + len(folded)]
        at += len(folded)
        if term:
            made.append(Part(" ".join(raw), term, "", known.tells("", term)))
        else:
            as_typed = typed.get(raw[0], "")
            made.append(Part(raw[0], folded[0], as_typed, known.tells(as_typed or raw[0], folded[0])))
    return _strangers_told(made, known)


def _strangers_told(parts: list[Part], known: Vocabulary) -> list[Part]:
    """What nobody has tells as much as the others on the mean; when there are no others, nothing is found anyway."""
    told = [part.told for part in parts if part.term in known.lessons]
    mean = sum(told) / len(told) if told else 0
    return [part if part.term in known.lessons else replace(part, told=mean) for part in parts]


def _mend(word: str, known: Vocabulary) -> str:
    """The word itself, without telex leftovers, or the nearest known word within one or two slips."""
    for candidate in (word, undo_telex(word)):
        if candidate in known.lessons or candidate in lexicon.words():
            return candidate
    if len(word) < 4:
        return word
    slips = 1 if len(word) < 8 else 2
    lengths = range(len(word) - slips, len(word) + slips + 1)
    near = [w for length in lengths for w in known.alike.get((word[0], length), [])]
    found = process.extractOne(undo_telex(word), near, scorer=DamerauLevenshtein.distance, score_cutoff=slips)
    return found[0] if found else word


def _marks(parts: list[Part], known: Vocabulary) -> dict[UUID, tuple[float, float]]:
    """How well lessons fit: the share of what is asked that each covers, and the weight of where. The rarest terms
    choose which lessons are compared at all: a word that stands nearly everywhere only orders what the others found.
    """
    asked = {part.term for part in parts} | {part.accented for part in parts} | set(_pairs(parts))
    by_rarity = sorted(asked & known.lessons.keys(), key=lambda term: (known.lessons[term], term))
    few = max(1, sum(total <= MOST_COMPARED for total in accumulate(known.lessons[term] for term in by_rarity)))
    index = SearchTerm.objects.values_list("lesson", "term", "weight")
    weights: dict[UUID, dict[str, int]] = defaultdict(dict)
    for lesson, term, weight in index.filter(term__in=by_rarity[:few]).order_by("-weight")[:MOST_COMPARED]:
        weights[lesson][term] = weight
    if by_rarity[few:]:
        for lesson, term, weight in index.filter(term__in=by_rarity[few:], lesson__in=list(weights)):
            weights[lesson][term] = weight
    return {lesson: _mark(parts, found) for lesson, found in weights.items()}


def _above(floor: float, marks: dict[UUID, tuple[float, float]]) -> list[UUID]:
    """Lessons that cover so much, those first that cover most, then by weight."""
    above = [lesson for lesson, (covered, _weight) in marks.items() if covered >= floor]
    return sorted(above, key=lambda lesson: (*(-one for one in marks[lesson]), lesson))


def _pairs(parts: list[Part]) -> list[str]:
    """Neighbours, as the index keeps them; of what the lexicon took together there are none."""
    pairs = zip(parts, parts[1:], strict=False)
    return ["" if "=" in one.term + other.term else f"{one.term}_{other.term}" for one, other in pairs]


def _mark(parts: list[Part], found: dict[str, int]) -> tuple[float, float]:
    """The share of what is asked that a lesson covers, to a tenth, and in how weighty places."""
    pairs = [0, *(found.get(pair, 0) for pair in _pairs(parts)), 0]
    covered = weight = 0.0
    for at, part in enumerate(parts):
        in_pair = max(pairs[at], pairs[at + 1])
        lonely = LONELY if len(parts) > 1 and not in_pair and not part.accented and part.term[0] != "=" else 1
        as_pair = 1 if in_pair >= PAIR else PAIR_OF_TEXT if in_pair else 0
        covered += part.told * max(_sure(part, found) * lonely, as_pair)
        weight += part.told * (found.get(part.term, 0) + found.get(part.accented, 0) + in_pair)
    return round(covered / sum(part.told for part in parts), 1), weight


def _sure(part: Part, found: dict[str, int]) -> float:
    """How sure it is that a lesson speaks of a word: 1 where its title says it, a third where its text does once."""
    exact = part.accented or part.term
    if exact not in found:
        return OTHER_DIACRITICS * _strength(found.get(part.term, 0))
    return _strength(found[exact]) * (MENDED if part.mended else 1)


def _strength(weight: int) -> float:
    return 0 if not weight else 1 if weight >= WORDS else 0.2 + 0.15 * weight


def _first_listed(ids: list[UUID], limit: int) -> list[Lesson]:
    """The first lessons that are listed. Nearly all are: as many are read as are wanted, and more only if need be."""
    found: list[Lesson] = []
    for part in batched(ids, limit):
        lessons = Lesson.objects.select_related("programme").in_bulk(part)
        found += [lessons[i] for i in part if lessons[i].listed]
        if len(found) >= limit:
            break
    return found[:limit]


def _index_version() -> Any:
    return SearchTerm.objects.aggregate(last=Max("pk"))["last"]


@lru_cache(maxsize=2)
def _vocabulary(version: Any) -> Vocabulary:
    counted = SearchTerm.objects.values_list("term").annotate(lessons=Count("pk")).order_by("-lessons", "term")
    lessons = dict(counted)
    alike: dict[tuple[str, int], list[str]] = {}
    for word in lexicon.words():
        alike.setdefault((word[0], len(word)), []).append(word)
    for word in lessons:  # the commonest first: of two words equally near, it is the likelier one
        if word.isascii() and word.isalnum():
            alike.setdefault((word[0], len(word)), []).append(word)
    return Vocabulary(lessons, alike, SearchTerm.objects.values("lesson").distinct().count())


@lru_cache(maxsize=2)
def _shelves(version: Any) -> list[Named]:
    published = Programme.objects.filter(current__isnull=False).select_related("current").defer("current__items")
    shelves = []
    for one in published:
        title, title_en = (one.published_edition.content[name] for name in ("title", "title_en"))
        says = frozenset(terms((text, WORDS) for text in (title, title_en, one.audience)))
        shelves.append(Named(one.key, title, title_en, says))
    return shelves

"""What people call one thing: the spellings of `lexicon.yaml`, taken together in lessons and in what is asked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from hocvuso.base.text import fold

FILE = Path(__file__).with_suffix(".yaml")
EMPTY = Path(__file__).with_name("empty_words.txt")
LONGEST = 6  # words of a spelling


@cache
def _rows() -> list[list[str]]:
    return yaml.safe_load(FILE.read_text("utf-8"))


@cache
def empty() -> frozenset[str]:
    """Words that hold sentences together and tell nothing, as they are typed with and without diacritics."""
    return frozenset(EMPTY.read_text("utf-8").split())


@cache
def spellings() -> dict[tuple[str, ...], str]:
    """Folded spellings, as words, with the term that stands for all of their row (`=email`)."""
    return {tuple(fold(one).split()): term_of(row) for row in _rows() for one in row}


@cache
def words() -> frozenset[str]:
    """All words of spellings."""
    return frozenset(word for spelling in spellings() for word in spelling)


def term_of(row: list[str]) -> str:
    """The term that stands for a row: no word of a text can be it."""
    return "=" + fold(row[0]).replace(" ", "_")


@cache
def _in_capitals() -> tuple[re.Pattern[str], frozenset[tuple[str, ...]]]:
    found = [one for row in _rows() for one in row if one.isupper()]
    return re.compile(rf"\b({'|'.join(map(re.escape, found))})\b"), frozenset((fold(one),) for one in found)


def of_text(text: str) -> list[str]:
    """The terms that a text says, as often as it says them."""
    pattern, capitals = _in_capitals()
    known = spellings()
    said = [known[(fold(one),)] for one in pattern.findall(text)]
    return said + [term for words, term in parted(fold(text).split()) if term and tuple(words) not in capitals]


def parted(words: list[str]) -> list[tuple[list[str], str]]:
    """Folded words in their order, those of a spelling together with its term, the longest first; others with ""."""
    known, parts, at = spellings(), [], 0
    while at < len(words):
        sizes = (n for n in range(min(LONGEST, len(words) - at), 0, -1) if tuple(words[at : at + n]) in known)
        size = next(sizes, 0)
        parts.append((words[at : at + (size or 1)], known[tuple(words[at : at + size])] if size else ""))
        at += size or 1
    return parts

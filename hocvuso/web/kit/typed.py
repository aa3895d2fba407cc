"""What was typed into a form, as values; a refusal names the field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from hocvuso.base import days, numbers
from hocvuso.base.text import clean

MOST = 999_999_999  # what a column of whole numbers holds


def day(post: QueryDict, name: str) -> date | None:
    """A date as browsers send it or as people write it; None when nothing was typed. Raises NotADay."""
    text = clean(post.get(name, ""))
    return days.read(text, field=name) if text else None


def words(post: QueryDict, names: Iterable[str], *, longest: int = 5000) -> dict[str, Any]:
    """Texts by name, clean."""
    return {name: clean(post.get(name, ""), lines=True)[:longest] for name in names}


def whole(post: QueryDict, name: str) -> int | None:
    """A whole number as people write it (1.000 too); None for what is none."""
    try:
        return int(numbers.read(post.get(name, ""), whole=True, least=0, most=MOST))
    except numbers.NotANumber:
        return None


def page_number(query: QueryDict) -> str:
    """The page asked for; the paginator judges it."""
    return query.get("trang", "1")


def key(post: QueryDict, name: str) -> UUID | None:
    """The key of a row; None for what is none."""
    return as_key(post.get(name, ""))


def as_key(text: str) -> UUID | None:
    """A text as the key of a row; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None

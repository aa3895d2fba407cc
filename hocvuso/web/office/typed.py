"""What was typed into a form, as values; a refusal names the field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal


class NotADay(Refusal):
    """The text is no date."""

    code = "not-a-day"
    says = _("“%(value)s” không phải ngày. Hãy ghi như 24/11/2026.")


def day(post: QueryDict, name: str) -> date | None:
    """A date as browsers send it or as people write it; None when nothing was typed. Raises NotADay."""
    text = post.get(name, "").strip()
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise NotADay(field=name, value=text[:40])


def words(post: QueryDict, names: Iterable[str], *, longest: int = 5000) -> dict[str, Any]:
    """Texts by name, without surrounding space."""
    return {name: post.get(name, "").strip()[:longest] for name in names}


def whole(post: QueryDict, name: str) -> int | None:
    """A whole number as people write it (1.000 too); None for what is none."""
    text = "".join(post.get(name, "").split()).replace(".", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


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

"""Small helpers of templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hocvuso.base import periods
from hocvuso.base.numbers import fixed
from hocvuso.library import queries as library

from .. import drawings

register = template.Library()


@register.filter
def or_en(vietnamese: str, english: str) -> str:
    """The English text for English readers where there is one, else the Vietnamese."""
    return english if english and (get_language() or "").startswith("en") else vietnamese


@register.filter
def day(value: Any) -> str:
    """A date the Vietnamese way: 24/11/2026."""
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value)
    return f"{value.day:02}/{value.month:02}/{value.year}"


@register.filter
def period(code: str) -> str:
    """A period by its code: `2026-10` is tháng 10/2026."""
    return periods.named(code)


@register.filter
def percent(value: float | None) -> str:
    """A share as a whole percentage, `< 1 %` for what is not nothing; a dash for none."""
    if value is None:
        return "–"
    return f"{fixed(value * 100)} %"


@register.filter
def number(value: int) -> str:
    """A whole number with the separator of the reader's language."""
    text = f"{value:,}"
    return text if (get_language() or "").startswith("en") else text.replace(",", ".")


@register.filter
def squeezed(text: str) -> str:
    """A text on one line, as an attribute needs it."""
    return SafeString(" ".join(text.split())) if isinstance(text, SafeString) else " ".join(text.split())


@register.filter
def lesson_url(address: str) -> str:
    """Where the lesson of an address `programme/lesson` is read."""
    return reverse("lesson", args=address.split("/"))


@register.filter
def competency_url(reference: str) -> str:
    """The page of the competency of a reference `framework/code`."""
    return reverse("competency", args=reference.split("/"))


@register.filter
def lines(texts: Iterable[str]) -> str:
    """One text a line, for a box in which people write so."""
    return "\n".join(texts)


@register.simple_tag
def error(refusal: Any, field: str) -> str:
    """The sentence of a refusal beside its field, or nothing."""
    if refusal is None or getattr(refusal, "field", "") != field:
        return ""
    return format_html('<p class="error" id="error-{}" role="alert">{}</p>', field or "form", refusal)


@register.filter
def icon(name: str) -> str:
    """An icon, inline."""
    return mark_safe(library.icon(name))  # our own markup around a packaged drawing


@register.simple_tag
def face(who: str, mood: str = "calm", more: str = "") -> str:
    """Somebody of the cast, inline: `{% face "ba" "happy" "big" %}`."""
    return mark_safe(drawings.inline(drawings.bust(who, mood), f"face {drawings.CAST[who].tile} {more}".strip()))


@register.simple_tag
def place(name: str) -> str:
    """A place of the house's own drawings, inline."""
    return mark_safe(drawings.inline(drawings.place(name), "place"))

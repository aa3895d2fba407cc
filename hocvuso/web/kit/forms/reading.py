"""What was typed, as a value: text, number, day. The one place where fields meet the readers of `base`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal

_VIETNAMESE = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?", re.ASCII)
_ENGLISH = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_LONGEST_NUMBER = 30
_YEARS = range(1900, 2201)


class NotANumber(Refusal):
    """The text typed for a number is none in the language of the page."""

    code = "not-a-number"
    says = _("“%(text)s” không phải là một số. Hãy nhập như 1.250 hoặc 12,5.")


class NotWhole(Refusal):
    """A count takes no fraction."""

    code = "not-whole"
    says = _("Hãy ghi một số nguyên, như 1.250.")


class NotADay(Refusal):
    """The text is no date, or one of another age."""

    code = "not-a-day"
    says = _("“%(value)s” không phải ngày. Hãy ghi như 24/11/2026.")


def read_text(text: str, *, lines: bool = False) -> str:
    """Text as it is kept: NFC, without control and invisible format characters, trimmed; one line unless `lines`."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = " ".join(text.split())
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf")).strip()


def read_number(text: str, *, whole: bool = False) -> Decimal | int | None:
    """A number as the language of the page writes it; nothing for nothing. Raises NotANumber, NotWhole."""
    plain = "".join(text.split())
    if not plain:
        return None
    english = (get_language() or "").startswith("en")
    if len(plain) > _LONGEST_NUMBER or not (_ENGLISH if english else _VIETNAMESE).fullmatch(plain):
        raise NotANumber(text=text.strip()[:40])
    plain = plain.replace(",", "") if english else plain.replace(".", "").replace(",", ".")
    if not whole:
        return Decimal(plain)
    if "." in plain:
        raise NotWhole
    return int(plain)


def written_number(value: Decimal | float) -> str:
    """A number as it stands in an input and as `read_number` reads it: no separators of thousands."""
    text = f"{value:f}" if isinstance(value, Decimal) else f"{value:.10f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if (get_language() or "").startswith("en") else text.replace(".", ",")


def read_day(text: str) -> date | None:
    """A day as browsers send it or as people write it; nothing for nothing. Raises NotADay."""
    text = text.strip()
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, shape).date()
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise NotADay(value=text[:40])
